import { PublishCommand } from '@aws-sdk/client-sns';
import sns from './clients.js';

const TopicArn = 'arn:aws:sns:us-east-1:123456789012:newsletter-out';

export default (recipient) =>
  sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify({ recipient }) }));
