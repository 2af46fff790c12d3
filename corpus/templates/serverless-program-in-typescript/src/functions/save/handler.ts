import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

export const main = async (event: { id: string }) => {
  await new DynamoDBClient({}).send(
    new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: event.id } } }),
  );
  await new S3Client({}).send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: "last", Body: "x" }));
};
