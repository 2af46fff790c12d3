import { createRequire } from 'node:module';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import config from './config.cjs';
import resources from './config/resources.json' with { type: 'json' };

const require = createRequire(import.meta.url);
const topics = require('./config/topics');
const { region } = config;
const dynamodb = new DynamoDBClient({ region });
const s3 = new S3Client({ region, forcePathStyle: true });
const sns = new SNSClient({ region });
const [charts] = resources.buckets;

export async function handler({ berth }) {
  await dynamodb.send(
    new GetItemCommand({ TableName: config.tables.berths, Key: { id: { S: berth } } }),
  );
  await s3.send(new GetObjectCommand({ Bucket: charts, Key: `approach/${berth}.pdf` }));
  await sns.send(new PublishCommand({ TopicArn: topics.master, Message: berth }));
}
