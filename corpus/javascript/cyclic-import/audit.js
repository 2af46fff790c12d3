import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { client, describe } from './accounts.js';

let counter = 0;

export function nextId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

export async function record(action, account) {
  await client.send(
    new PutItemCommand({
      TableName: 'audit-trail',
      Item: { id: { S: nextId('entry') }, what: { S: `${action} ${describe(account)}` } },
    }),
  );
}
