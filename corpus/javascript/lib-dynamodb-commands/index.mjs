import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as lib from '@aws-sdk/lib-dynamodb';

const client = lib.DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});
const TableName = 'board-games';
const KeyConditionExpression = 'id = :id';
const ExpressionAttributeValues = { ':id': 'go' };

export const handler = async () => {
  await client.send(new lib.PutCommand({ TableName, Item: { id: 'go', players: 2 } }));
  await client.send(
    new lib.UpdateCommand({
      TableName,
      Key: { id: 'go' },
      UpdateExpression: 'SET players = :p',
      ExpressionAttributeValues: { ':p': 3 },
    }),
  );
  await client.send(new lib.GetCommand({ TableName, Key: { id: 'go' } }));
  const batch = { RequestItems: { [TableName]: { Keys: [{ id: 'go' }] } } };
  await client.send(new lib.BatchGetCommand(batch));
  await client.send(
    new lib.BatchWriteCommand({
      RequestItems: { [TableName]: [{ PutRequest: { Item: { id: 'hex' } } }] },
    }),
  );
  await client.send(
    new lib.TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: { id: 'nim' } } }] }),
  );
  let total = 0;
  for await (const { Count } of lib.paginateQuery(
    { client },
    { TableName, KeyConditionExpression, ExpressionAttributeValues },
  )) {
    total += Count;
  }
  for await (const page of lib.paginateScan({ client }, { TableName })) {
    total += page.Items.length;
  }
  await client.send(new lib.DeleteCommand({ TableName, Key: { id: 'go' } }));
  return total;
};
