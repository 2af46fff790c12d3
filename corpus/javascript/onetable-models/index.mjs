import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Table } from 'dynamodb-onetable';

const table = new Table({
  client: new DynamoDBClient({}),
  name: 'choir',
  partial: false,
  schema: {
    format: 'onetable:1.1.0',
    version: '0.0.1',
    indexes: {
      primary: { hash: 'pk', sort: 'sk' },
      gs1: { hash: 'gs1pk', sort: 'gs1sk' },
    },
    models: {
      Singer: {
        pk: { type: String, value: 'singer:${id}' },
        sk: { type: String, value: 'singer:' },
        gs1pk: { type: String, value: 'voice:${voice}' },
        gs1sk: { type: String, value: 'singer:${id}' },
        id: { type: String, required: true },
        voice: { type: String },
      },
    },
  },
});
const Singer = table.getModel('Singer');

export async function handler() {
  await Singer.create({ id: 'a', voice: 'alto' });
  await Singer.update({ id: 'a', voice: 'bass' });
  await Singer.get({ id: 'a' });
  await Singer.find({ id: 'a' });
  await Singer.get({ voice: 'bass', id: 'a' }, { index: 'gs1', follow: false });
  const batch = {};
  await Singer.create({ id: 'b', voice: 'alto' }, { batch });
  await table.batchWrite(batch);
  const transaction = {};
  await table.create('Singer', { id: 'c', voice: 'alto' }, { transaction });
  await table.transact('write', transaction);
  await Singer.remove({ id: 'a' });
}
