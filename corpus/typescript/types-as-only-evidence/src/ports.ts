import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { S3 } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type * as ses from '@aws-sdk/client-ses';

export interface Context {
  readonly documents: DynamoDBDocumentClient;
  readonly queue?: SQSClient;
  mail(): ses.SES;
}

export type Clients = { s3: S3 } & Pick<Context, 'queue'>;
