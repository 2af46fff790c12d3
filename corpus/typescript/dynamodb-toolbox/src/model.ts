import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Entity, item, string, Table } from 'dynamodb-toolbox';

const documentClient = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const bikes = new Table({
  documentClient,
  name: () => 'bikes',
  partitionKey: { name: 'pk', type: 'string' },
  indexes: { 'by-station': { type: 'global', partitionKey: { name: 'station', type: 'string' } } },
});

export const Bike = new Entity({
  name: 'bike',
  table: bikes,
  schema: item({ pk: string().key(), station: string() }),
});
