import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { record } from './audit.js';

export const client = new DynamoDBClient({});

export const describe = (account) => `account ${account}`;

export async function lock(account) {
  await client.send(
    new UpdateItemCommand({
      TableName: 'accounts',
      Key: { id: { S: account } },
      UpdateExpression: 'SET locked = :true',
      ExpressionAttributeValues: { ':true': { BOOL: true } },
    }),
  );
  await record('lock', account);
}
