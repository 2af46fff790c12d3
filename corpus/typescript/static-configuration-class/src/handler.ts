import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { Config } from './config';

const s3 = new S3({ forcePathStyle: true });
const db = new DynamoDB({});

export async function handler({ leaf }: { leaf: string }): Promise<void> {
  await s3.putObject({ Bucket: Config.bucket, Key: `leaves/${leaf}`, Body: leaf });
  await db.putItem({ TableName: Config.index, Item: { id: { S: leaf } } });
}
