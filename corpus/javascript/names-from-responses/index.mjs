import { S3Client, GetObjectCommand, ListObjectsV2Command, DeleteObjectsCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const s3 = new S3Client({ forcePathStyle: true });
const sns = new SNSClient({});
const sqs = new SQSClient({});
const Bucket = 'wedding-photos';

export async function handler() {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'wedding-guests' }));
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'wedding' }));
  const listing = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'guests/' }));
  const keys = listing.Contents.map(({ Key }) => Key);
  await Promise.all(keys.map((Key) => s3.send(new GetObjectCommand({ Bucket, Key }))));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `${keys.length}` }));
  await sns.send(new PublishCommand({ TopicArn, Message: 'done' }));
  const Objects = listing.Contents.map((object) => ({ Key: object.Key }));
  await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
}
