import { queueUrl } from 'config';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const sqs = new SQSClient({});

export const order = (litres: number) =>
  sqs.send(new SendMessageCommand({ QueueUrl: queueUrl('milk-orders'), MessageBody: `${litres}` }));
