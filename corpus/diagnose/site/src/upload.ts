import { GetObjectCommand, PutObjectCommand, PutObjectTaggingCommand, S3Client } from "@aws-sdk/client-s3";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";

const s3 = new S3Client({});
const lambda = new LambdaClient({});
const Bucket = process.env.UPLOADS;

export const handler = async (event: { key: string }) => {
  await s3.send(new GetObjectCommand({ Bucket, Key: `incoming/${event.key}` }));
  await s3.send(new PutObjectCommand({ Bucket, Key: `done/${event.key}`, Body: "" }));
  await s3.send(new PutObjectTaggingCommand({ Bucket, Key: `done/${event.key}`, Tagging: { TagSet: [] } }));
  await lambda.send(new InvokeCommand({ FunctionName: "thumbnails" }));
};
