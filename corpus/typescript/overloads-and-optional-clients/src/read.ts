import { S3 } from '@aws-sdk/client-s3';

const shared = new S3({ forcePathStyle: true });

export function read(key: string): Promise<string>;
export function read(key: string, client: S3): Promise<string>;
export async function read(Key: string, client: S3 = shared): Promise<string> {
  const { Body } = await client.getObject({ Bucket: 'violin-scores', Key });
  return Body!.transformToString();
}
