import { internals, light, remove, write } from './parts/index.mjs';

export const handler = async () => {
  await write(internals.TableName);
  await light('a');
  await remove('a');
};
