import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Entity, Service } from 'electrodb';

const configuration = { client: new DynamoDBClient({}), table: 'campsite' };

const indexes = {
  primary: { pk: { field: 'pk', composite: ['id'] }, sk: { field: 'sk', composite: [] } },
  byPitch: {
    index: 'gsi1',
    collection: 'pitch',
    pk: { field: 'gsi1pk', composite: ['pitch'] },
    sk: { field: 'gsi1sk', composite: ['id'] },
  },
} as const;

const attributes = { id: { type: 'string' }, pitch: { type: 'string' }, nights: { type: 'number' } } as const;

const Tent = new Entity(
  { model: { entity: 'tent', version: '1', service: 'campsite' }, attributes, indexes },
  configuration,
);
const Booking = new Entity(
  { model: { entity: 'booking', version: '1', service: 'campsite' }, attributes, indexes },
  configuration,
);

export const campsite = new Service({ tent: Tent, booking: Booking });
