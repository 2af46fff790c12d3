import { DynamoDBClient, DeleteItemCommand } from "@aws-sdk/client-dynamodb";

export const handler = async (event: { id: string }) =>
  new DynamoDBClient({}).send(
    new DeleteItemCommand({ TableName: process.env.TABLE, Key: { id: { S: event.id } } }),
  );
