import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

export const run = async (event: { id: string }) => {
  await new DynamoDBClient({}).send(
    new PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: event.id } } }),
  );
  await new SQSClient({}).send(
    new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: event.id }),
  );
};
