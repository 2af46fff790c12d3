import { S3 } from '@aws-sdk/client-s3';
import { read } from './read';

export async function handler(event: { key: string }) {
  await read('bach.pdf', new S3({ forcePathStyle: true }));
  return read(event.key);
}
