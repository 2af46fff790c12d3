import client, { TableName } from './client.mjs';

const read = (id) => client.getItem({ TableName, Key: { id: { S: id } } });
export { read as default };
