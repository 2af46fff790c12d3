import { DeleteObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { s3 } from './clients';

const Bucket = 'contract-documents';

export async function readContract(name: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `signed/${name}.txt` }));
  return (await Body?.transformToString()) ?? '';
}

export async function dropDraft(name: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket, Key: `drafts/${name}.txt` }));
}
