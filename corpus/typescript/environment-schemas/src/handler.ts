import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { environment, queue, topic } from './environment';

export async function handler(event: { id: string; photo: string }) {
  const { PHOTO_BUCKET: Bucket, TABLE } = environment;
  await new S3({}).putObject({ Bucket, Key: `raw/${event.id}`, Body: event.photo });
  await new DynamoDB({}).putItem({ TableName: TABLE, Item: { id: { S: event.id } } });
  await new SNS({}).publish({ TopicArn: topic, Message: event.id });
  await new SQS({}).sendMessage({ QueueUrl: queue.QUEUE_URL, MessageBody: event.id });
}
