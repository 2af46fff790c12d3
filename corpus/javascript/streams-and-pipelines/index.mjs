import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

const client = new S3Client({ forcePathStyle: true });
const Bucket = 'ship-logs';

function uploading(Key) {
  const Body = new PassThrough();
  const upload = new Upload({ client, params: { Bucket, Key, Body }, queueSize: 1 });
  return { Body, finished: upload.done() };
}

export async function handler() {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'raw.log' }));
  const target = uploading('packed/raw.log.gz');
  await pipeline(Body, createGzip(), target.Body);
  await target.finished;
}
