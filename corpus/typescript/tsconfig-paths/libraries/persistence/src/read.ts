import type { S3 } from '@aws-sdk/client-s3';

export async function readNotes(s3: S3): Promise<string> {
  const { Body } = await s3.getObject({ Bucket: 'field-notes', Key: 'notes.md' });
  return Body!.transformToString();
}
