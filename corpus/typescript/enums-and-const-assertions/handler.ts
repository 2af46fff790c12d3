import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { BUCKETS, Table } from './names';

const dynamodb = new DynamoDBClient({});
const s3 = new S3Client({});

export const handler = async (event: { match: string; winner: string; replay: string }) => {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: Table.Matches, Key: { id: { S: event.match } } }),
  );
  if (Item === undefined) {
    return false;
  }
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: Table['Players'],
      Key: { id: { S: event.winner } },
      UpdateExpression: 'ADD wins :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
  await s3.send(
    new PutObjectCommand({
      Bucket: BUCKETS.replays,
      Key: `matches/${event.match}.bin`,
      Body: Buffer.from(event.replay, 'base64'),
    }),
  );
  return true;
};
