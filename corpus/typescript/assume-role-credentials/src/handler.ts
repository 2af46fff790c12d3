import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';

const dynamodb = new DynamoDBClient({});

function partnerBucket(): S3Client {
  return new S3Client({
    credentials: fromTemporaryCredentials({
      params: { RoleArn: 'arn:aws:iam::210987654321:role/partner-reader', RoleSessionName: 'sync' },
    }),
  });
}

export async function handler(event: { partner: string }) {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: 'partners', Key: { id: { S: event.partner } } }),
  );
  if (!Item) return null;
  const object = await partnerBucket().send(
    new GetObjectCommand({ Bucket: 'partner-share', Key: `${event.partner}.json` }),
  );
  return object.Body?.transformToString();
}
