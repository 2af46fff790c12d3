import memoize from 'lodash/memoize';
import pRetry from 'p-retry';
import { useMemo } from 'react';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';

export function useNotes(region: string): DynamoDB {
  return useMemo(() => new DynamoDB({ region }), [region]);
}

export const objects = memoize(() => new S3({}));

const sqs = new SQS({});

export async function enqueue(body: string) {
  const { QueueUrl } = await pRetry(() => sqs.getQueueUrl({ QueueName: 'memo-jobs' }), { retries: 2 });
  await sqs.sendMessage({ QueueUrl, MessageBody: body });
}
