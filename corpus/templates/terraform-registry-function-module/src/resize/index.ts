import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";

export const handler = (event: { key: string }) =>
  new S3Client({}).send(
    new GetObjectCommand({ Bucket: process.env.BUCKET, Key: `originals/${event.key}` }),
  );
