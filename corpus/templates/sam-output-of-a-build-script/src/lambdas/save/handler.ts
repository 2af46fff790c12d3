import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});

export const handler = async (event: { id: string }) => {
  await client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: event.id } } }));
};
