import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SESClient, SendEmailCommand } from "@aws-sdk/client-ses";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { Bucket } from "../lib/config";

const s3 = new S3Client({});
const sns = new SNSClient({});
const ses = new SESClient({});

export const handler = async (event: { key: string }) => {
  const image = await s3.send(new GetObjectCommand({ Bucket, Key: event.key }));
  await s3.send(new PutObjectCommand({ Bucket, Key: `thumbnails/${event.key}`, Body: image.Body }));
  await sns.send(new PublishCommand({ TopicArn: process.env.TOPIC_ARN, Message: event.key }));
  await ses.send(
    new SendEmailCommand({
      Source: process.env.SENDER,
      Destination: { ToAddresses: ["team@example.com"] },
      Message: { Subject: { Data: "new" }, Body: {} },
    }),
  );
};
