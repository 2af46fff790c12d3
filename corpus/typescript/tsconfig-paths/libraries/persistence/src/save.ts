import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});

export const saveNote = (id: string, text: string) =>
  client.send(
    new PutItemCommand({ TableName: 'field-notes', Item: { id: { S: id }, text: { S: text } } }),
  );
