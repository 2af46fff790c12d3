// The comment names @aws-sdk/client-s3, which is not used.
import { getSignedUrl, PutObjectCommand, S3Client } from './sdk';

const client = new S3Client();

export async function main(): Promise<string> {
  client.getObject({ Bucket: 'a', Key: 'b' });
  await client.send(new PutObjectCommand({ Bucket: 'a', Key: 'b' }));
  return getSignedUrl(client, new PutObjectCommand({ Bucket: 'a', Key: 'c' }));
}
