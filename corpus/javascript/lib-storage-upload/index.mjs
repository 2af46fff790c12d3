import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

const client = new S3Client({});

export async function handler(event) {
  const lines = Readable.from(event.lines.map((line) => `${line}\n`));
  const upload = new Upload({
    client,
    params: {
      Bucket: 'log-archive',
      Key: `access/${event.day}.log.gz`,
      Body: lines.pipe(createGzip()),
    },
    queueSize: 2,
  });
  upload.on('httpUploadProgress', ({ loaded }) => console.log('uploaded', loaded));
  await upload.done();
}
