import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { buckets, tables, topic } from './names';

const s3 = new S3({});

export async function handler(event: { stage?: 'dev' | 'live'; id: string; state: string }) {
  const { tickets } = tables[event.stage ?? 'dev'];
  await new DynamoDB({}).getItem({ TableName: tickets, Key: { id: { S: event.id } } });
  for (const [region, Bucket] of buckets.entries()) {
    await s3.putObject({ Bucket, Key: 'daily.txt', Body: region });
  }
  await new SNS({}).publish({
    TopicArn: `arn:aws:sns:eu-west-1:123456789012:${topic(event.state)}`,
    Message: event.id,
  });
}
