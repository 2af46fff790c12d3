import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { Firehose } from '@aws-sdk/client-firehose';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { SNS } from '@aws-sdk/client-sns';

const stage = process.env.STAGE ?? 'dev';
const mode = process.env.DELIVERY || 'topic';
const isAudited = process.env.AUDITED || false;
const routes = JSON.parse(process.env.ROUTES ?? '{}');

export const handler = async ({ alert, region }) => {
  if (mode === 'stream') {
    await new Firehose({}).putRecord({
      DeliveryStreamName: `alerts-${stage}`,
      Record: { Data: Buffer.from(alert) },
    });
  } else {
    await new SNS({}).publish({
      TopicArn: 'arn:aws:sns:us-east-1:123456789012:alerts',
      Message: alert,
    });
  }
  if (isAudited) {
    await new DynamoDB({}).putItem({ TableName: `alerts-${stage}`, Item: { id: { S: alert } } });
  }
  const stream = routes[region];
  if (!stream) return;
  const record = { PartitionKey: alert, Data: Buffer.from(alert) };
  await new Kinesis({}).putRecord({ StreamName: stream, ...record });
};
