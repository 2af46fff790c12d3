import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';

const DEBUG = false;
const features = Object.freeze({ archive: false, backend: 'dynamodb' });
const dynamodb = new DynamoDB({});

async function save(id) {
  if (features.backend === 'queue') {
    await new SQS({}).sendMessage({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/1/diary' });
  }
  await dynamodb.putItem({ TableName: 'diary', Item: { id: { S: id } } });
  return id;
  await dynamodb.deleteItem({ TableName: 'diary', Key: { id: { S: id } } });
}

export const handler = async ({ id }) => {
  DEBUG && (await dynamodb.scan({ TableName: 'diary' }));
  const archive = features.archive ? new S3({}) : null;
  if (DEBUG || features.archive) {
    await archive.putObject({ Bucket: 'diary', Key: id });
  }
  return save(id);
};
