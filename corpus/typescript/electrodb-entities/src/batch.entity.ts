import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Entity } from 'electrodb';

const table = process.env.TABLE ?? 'brewery';
const client = new DynamoDBClient({});

export const Batch = new Entity(
  {
    model: { entity: 'batch', version: '1', service: 'brewery' },
    attributes: {
      id: { type: 'string', required: true },
      tank: { type: 'string', required: true },
      litres: { type: 'number', default: 0 },
    },
    indexes: {
      byId: { pk: { field: 'pk', composite: ['id'] }, sk: { field: 'sk', composite: [] } },
      byTank: {
        index: 'gsi1',
        pk: { field: 'gsi1pk', composite: ['tank'] },
        sk: { field: 'gsi1sk', composite: ['id'] },
      },
    },
  },
  { client, table },
);
