import { ResultStore, load } from './store';

const results = new ResultStore();

export const handler = async (event: { id: string }): Promise<string> => {
  const job = await load(event.id);
  await results.write(event.id, JSON.stringify(job));
  return results.link(event.id);
};
