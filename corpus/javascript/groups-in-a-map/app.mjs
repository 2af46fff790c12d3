import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const s3 = new S3Client({});
const sns = new SNSClient({});
const sqs = new SQSClient({});

export const handler = async (messages) => {
  const groups = new Map();
  for (const message of messages) {
    let group = groups.get(message.owner);
    if (group === undefined) {
      group = { items: [] };
      groups.set(message.owner, group);
    }
    group.items.push(message);
  }
  for (const [owner, { items }] of groups.entries()) {
    let count = 0;
    for (const item of items) {
      const QueueUrl = "https://sqs.us-east-1.amazonaws.com/123456789012/jobs";
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: item.id }));
      count++;
    }
    if (count === 0) continue;
    await sns.send(new PublishCommand({ TopicArn: "arn:aws:sns:us-east-1:123456789012:grown", Message: owner }));
  }
};

export const purge = async (names) => {
  const byStart = new Map();
  for (const name of names) {
    if (!byStart.has(name[0])) byStart.set(name[0], []);
    byStart.get(name[0]).push(name);
  }
  for (const found of byStart.values()) {
    for (const Key of found) await s3.send(new DeleteObjectCommand({ Bucket: "reports", Key }));
  }
};
