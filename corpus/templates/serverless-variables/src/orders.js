import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";

const dynamodb = new DynamoDBClient({});
const s3 = new S3Client({});
const sns = new SNSClient({});
const { TABLE, BUCKET, TOPIC, KEY } = process.env;

export const get = (event) =>
  dynamodb.send(new GetItemCommand({ TableName: TABLE, Key: { id: { S: event.id } } }));

export const save = async (event) => {
  await dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: { id: { S: event.id } } }));
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${KEY}/${event.id}` }));
  await sns.send(new PublishCommand({ TopicArn: TOPIC, Message: event.id }));
};
