import { s3 } from '@notes/clients/objects';
import { readNotes, saveNote } from '@notes/store';

export const handler = async () => {
  const text = await readNotes(s3);
  await saveNote('today', text);
};
