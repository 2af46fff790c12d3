import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';

const s3 = new S3Client({ forcePathStyle: true });
const Bucket = 'attic';

async function* pages(Prefix, token) {
  const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken: token }));
  yield page.Contents ?? [];
  if (page.NextContinuationToken) yield* pages(Prefix, page.NextContinuationToken);
}

async function* keys(prefix) {
  for await (const contents of pages(prefix)) {
    for (const { Key } of contents) yield Key;
  }
}

export async function handler() {
  const iterator = keys('boxes/');
  let size = 0;
  for (let step = await iterator.next(); !step.done; step = await iterator.next()) {
    const { ContentLength } = await s3.send(new GetObjectCommand({ Bucket, Key: step.value }));
    size += ContentLength;
  }
  return size;
}
