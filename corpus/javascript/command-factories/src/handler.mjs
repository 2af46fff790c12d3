import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import commandFor from './commands.mjs';

const client = new DynamoDBClient();

export async function handler({ action, book }) {
  const command = commandFor(action, book);
  const { Item } = await client.send(command);
  return Item ?? null;
}
