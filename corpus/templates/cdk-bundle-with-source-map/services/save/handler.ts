import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

export const handler = async (event: { id: string }) =>
  new DynamoDBClient({}).send(
    new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: event.id } } }),
  );
