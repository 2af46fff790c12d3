import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';

const TOPIC_ARN = 'arn:aws:sns:eu-west-1:123456789012:order-events';
const AUDIT_QUEUE = 'https://sqs.eu-west-1.amazonaws.com/123456789012/order-audit';

const notifications = new sns.SNSClient({});
const queues = new sqs.SQSClient({});

export const handler = async (event) => {
  const message = JSON.stringify({ orderId: event.orderId, status: 'SHIPPED' });
  await notifications.send(
    new sns.PublishCommand({ TopicArn: TOPIC_ARN, Message: message, Subject: 'Order shipped' }),
  );
  await queues.send(new sqs.SendMessageCommand({ QueueUrl: AUDIT_QUEUE, MessageBody: message }));
};
