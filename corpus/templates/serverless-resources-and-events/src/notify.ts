import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = (event: { author: string }) =>
  documents.send(
    new QueryCommand({
      TableName: process.env.POSTS,
      IndexName: process.env.INDEX,
      KeyConditionExpression: "author = :a",
      ExpressionAttributeValues: { ":a": event.author },
    }),
  );
