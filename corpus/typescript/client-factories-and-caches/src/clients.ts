import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';

type Options = { region: string };

const cache = new Map<string, unknown>();

/** One client for each class and region. */
export function clientOf<T>(Client: new (options: Options) => T, region = 'us-east-1'): T {
  const key = `${Client.name}:${region}`;
  let client = cache.get(key) as T | undefined;
  if (!client) {
    client = new Client({ region });
    cache.set(key, client);
  }
  return client;
}

let queues: SQSClient | undefined;

export const sqs = (): SQSClient => (queues ??= new SQSClient({}));

let objects: S3Client | null = null;

export function s3(): S3Client {
  if (objects === null) {
    objects = new S3Client({ forcePathStyle: true });
  }
  return objects;
}
