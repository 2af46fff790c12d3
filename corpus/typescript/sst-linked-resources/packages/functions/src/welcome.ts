import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Resource } from 'sst';

const dynamodb = new DynamoDBClient({});
const s3 = new S3Client({});

export const handler = async (event: { user: string }) => {
  await s3.send(
    new GetObjectCommand({ Bucket: Resource.Templates.name, Key: 'templates/welcome.html' }),
  );
  await dynamodb.send(
    new PutItemCommand({ TableName: Resource.Users.name, Item: { id: { S: event.user } } }),
  );
};
