import { GetObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientOf, s3, sqs } from './clients';

const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/123456789012/price-changes';

export const handler = async (): Promise<number> => {
  await s3().send(new GetObjectCommand({ Bucket: 'price-lists', Key: 'eu.csv' }));
  const first = await clientOf(SQSClient).send(new ReceiveMessageCommand({ QueueUrl }));
  const second = await sqs().send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return (first.Messages?.length ?? 0) + (second.Messages?.length ?? 0);
};
