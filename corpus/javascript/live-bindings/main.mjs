import { client, connect, table } from './state.mjs';

connect('live');

export const handler = () => client.getItem({ TableName: table, Key: { id: { S: 'now' } } });
