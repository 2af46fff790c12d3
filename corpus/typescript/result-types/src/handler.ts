import { SQS } from '@aws-sdk/client-sqs';
import { attempt } from './result';

const sqs = new SQS({});

export async function handler(): Promise<void> {
  const [error, created] = await attempt(sqs.createQueue({ QueueName: 'choir-practice' }));
  if (error) throw error;
  await sqs.sendMessage({ QueueUrl: created!.QueueUrl, MessageBody: 'tonight' });
}
