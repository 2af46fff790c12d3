import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { S3Event } from 'aws-lambda';

const s3 = new S3Client({});
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

function rows(csv: string): Record<string, string>[] {
  const [header, ...lines] = csv.trim().split('\n').map((line) => line.split(','));
  return lines.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])));
}

export const handler = async (event: S3Event): Promise<void> => {
  for (const { s3: notification } of event.Records) {
    const Bucket = notification.bucket.name;
    const Key = decodeURIComponent(notification.object.key.replace(/\+/g, ' '));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const items = rows((await Body?.transformToString()) ?? '');
    while (items.length > 0) {
      const PutRequests = items.splice(0, 25).map((Item) => ({ PutRequest: { Item } }));
      await documents.send(
        new BatchWriteCommand({ RequestItems: { 'imported-rows': PutRequests } }),
      );
    }
  }
};
