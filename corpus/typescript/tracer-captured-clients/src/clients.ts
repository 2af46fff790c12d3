import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureAWSv3Client } from 'aws-xray-sdk-core';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';

export const tracer = new Tracer({ serviceName: 'passports' });

function instrumented<T extends { middlewareStack: { use(plugin: unknown): void } }>(client: T): T {
  client.middlewareStack.use({ applyToStack: () => undefined });
  return client;
}

export const dynamodb = tracer.captureAWSv3Client(new DynamoDBClient({}));
export const s3 = captureAWSv3Client(new S3Client({}) as any) as S3Client;
export const sns = instrumented(new SNSClient({}));
