import middy from "@middy/core";
import httpErrorHandler from "@middy/http-error-handler";
import { DeleteObjectCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";

const s3 = new S3Client({});

const main = async (event: { key: string }) => {
  await s3.send(new GetObjectCommand({ Bucket: "order-forms", Key: `forms/${event.key}` }));
};

export const remove = async (event: { key: string }) => {
  await s3.send(new DeleteObjectCommand({ Bucket: "order-forms", Key: event.key }));
};

export const handler = middy(main).use(httpErrorHandler());
