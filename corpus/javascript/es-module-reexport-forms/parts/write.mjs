import * as all from './client.mjs';

export const write = (id) =>
  all.default.putItem({ TableName: all.TableName, Item: { id: { S: id } } });
export function remove(id) {
  return all.default.deleteItem({ TableName: all.TableName, Key: { id: { S: id } } });
}
