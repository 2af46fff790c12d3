import { S3Client, ListObjectsV2Command } from "@aws-sdk/client-s3";

await new S3Client({}).send(new ListObjectsV2Command({ Bucket: process.env.BUCKET }));
