import { container } from './container';
import { TYPES, type Storage } from './types';

export async function handler(event: { score: string }) {
  const storage = container.get<Storage>(TYPES.Storage);
  const text = await storage.read(event.score);
  await storage.write(`copies/${event.score}`, text);
}
