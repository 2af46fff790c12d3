import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const s3 = new S3Client({});

export const handler = async (event) => {
  const { Item } = await documents.send(new GetCommand({ TableName: "orders", Key: { id: event.id } }));
  await s3.send(new PutObjectCommand({ Bucket: "receipts", Key: `${event.id}.json`, Body: JSON.stringify(Item) }));
};
