'use strict';

const {
  DynamoDBClient,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} = require('@aws-sdk/client-dynamodb');

const client = new DynamoDBClient({});

const write = (event) => {
  const TableName = event.test ? 'events-sandbox' : 'events-live';
  const id = { S: event.id };
  switch (event.type) {
    case 'created':
      return new PutItemCommand({ TableName, Item: { id, state: { S: 'new' } } });
    case 'closed':
      return new UpdateItemCommand({
        TableName,
        Key: { id },
        UpdateExpression: 'SET #s = :closed',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':closed': { S: 'closed' } },
      });
    case 'erased':
      return new DeleteItemCommand({ TableName, Key: { id } });
    default:
      throw new Error(`unknown event type ${event.type}`);
  }
};

exports.handler = async (event) => {
  await client.send(write(event));
};
