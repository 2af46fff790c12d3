import { GetObjectCommand, PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

type Stage = 'staging' | 'live';

interface Site {
  readonly bucket: string;
  readonly client: S3Client;
}

const configuration: S3ClientConfig = { maxAttempts: 4 };

const sites: Record<Stage, Site> = {
  staging: { bucket: 'site-staging', client: new S3Client(configuration) },
  live: { bucket: 'site-live', client: new S3Client(configuration) },
};

async function read({ bucket: Bucket, client }: Site, Key: string): Promise<Uint8Array> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Body!.transformToByteArray();
}

async function write(site: Site, Key: string, Body: Uint8Array): Promise<void> {
  await site.client.send(new PutObjectCommand({ Bucket: site.bucket, Key, Body }));
}

/** Copies the front page from staging to live. */
export async function handler(): Promise<void> {
  const page = await read(sites.staging, 'index.html');
  await write(sites['live'], 'index.html', page);
}
