import { createClient } from 'redis';
import { LRUCache } from 'lru-cache';
import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';

const redis = createClient({ url: 'redis://cache.internal:6379' });
const local = new LRUCache({ max: 500 });
const s3 = new S3Client({});

export const handler = async ({ id }) => {
  if (local.has(id)) {
    return local.get(id);
  }
  await redis.connect();
  let value = await redis.get(`profile:${id}`);
  if (value === null) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'profiles', Key: 'default.json' }));
    value = await Body.transformToString();
    await redis.set(`profile:${id}`, value);
    await redis.publish('profiles', id);
  }
  local.set(id, value);
  await redis.scan(0);
  return value;
};
