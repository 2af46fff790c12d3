import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { wrap } from './wrap';

interface Poem {
  id: string;
  text: string;
}

const s3 = new S3({ forcePathStyle: true });
const dynamodb = new DynamoDB({});

const publish = async ({ body: poem }: { body: Poem }) => {
  await s3.putObject({ Bucket: 'poems', Key: `published/${poem.id}`, Body: poem.text });
  await dynamodb.updateItem({
    TableName: 'poems',
    Key: { id: { S: poem.id } },
    UpdateExpression: 'SET published = :t',
    ExpressionAttributeValues: { ':t': { BOOL: true } },
  });
  return { statusCode: 204 };
};

export const handler = wrap<Poem>(publish);
