import { S3Client, PutObjectCommand } from "@aws-sdk/client-s3";

new S3Client({}).send(new PutObjectCommand({ Bucket: "other", Key: "x" }));
