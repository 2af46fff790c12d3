import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import dynamodb from '@middy/dynamodb';
import s3 from '@middy/s3';
import sts from '@middy/sts';

const client = new DynamoDBClient({});

const moor = async (event: { berth: string }, context: any) => {
  if (context.limits.full) return { moored: false };
  await client.send(
    new UpdateItemCommand({
      TableName: 'berths',
      Key: { id: { S: event.berth } },
      UpdateExpression: 'SET taken = :yes',
      ExpressionAttributeValues: { ':yes': { BOOL: true } },
    }),
  );
  return { moored: true };
};

export const handler = middy(moor)
  .use(s3({ fetchData: { limits: { Bucket: 'harbour-settings', Key: 'limits.json' } }, setToContext: true }))
  .use(dynamodb({ fetchData: { first: { TableName: 'berths', Key: { id: { S: 'A1' } } } } }))
  .use(
    sts({
      fetchData: {
        pilot: { RoleArn: 'arn:aws:iam::210987654321:role/pilot', RoleSessionName: 'pilot' },
      },
    }),
  );
