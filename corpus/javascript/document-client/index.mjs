import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

const TableName = 'support-tickets';

export async function openTicket(ticket) {
  await documents.send(
    new PutCommand({
      TableName,
      Item: { ...ticket, status: 'open' },
      ConditionExpression: 'attribute_not_exists(id)',
    }),
  );
}

export async function ticketsOf(customer) {
  const { Items } = await documents.send(
    new QueryCommand({
      TableName,
      IndexName: 'by-customer',
      KeyConditionExpression: 'customer = :customer',
      ExpressionAttributeValues: { ':customer': customer },
    }),
  );
  return Items;
}

export async function handler(event) {
  const { id, customer } = event;
  await openTicket({ id, customer });
  await documents.send(
    new UpdateCommand({
      TableName,
      Key: { id },
      UpdateExpression: 'SET openedBy = :who',
      ExpressionAttributeValues: { ':who': 'web' },
    }),
  );
  const stored = await documents.send(new GetCommand({ TableName, Key: { id } }));
  return { ticket: stored.Item, others: await ticketsOf(customer) };
}
