import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const TABLE = process.env.TABLE_NAME ?? 'survey-answers';
const BUCKET = process.env.BUCKET || 'survey-raw';
const { PREFIX = 'answers' } = process.env;

const dynamodb = new DynamoDBClient({});
const s3 = new S3Client({});

export const handler = async (event) => {
  const answer = JSON.parse(event.body);
  await s3.send(
    new PutObjectCommand({ Bucket: BUCKET, Key: `${PREFIX}/${answer.id}.json`, Body: event.body }),
  );
  await dynamodb.send(
    new PutItemCommand({
      TableName: TABLE,
      Item: { id: { S: answer.id }, score: { N: String(answer.score) } },
    }),
  );
  return { statusCode: 202 };
};
