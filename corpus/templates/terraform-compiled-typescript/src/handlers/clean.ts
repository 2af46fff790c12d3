import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";

export const handler = () =>
  new S3Client({}).send(new DeleteObjectCommand({ Bucket: process.env.BUCKET!, Key: "old" }));
