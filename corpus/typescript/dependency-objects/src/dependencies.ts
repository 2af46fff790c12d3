import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export const production = () => ({
  documents: DynamoDBDocumentClient.from(new DynamoDBClient({})),
  sns: new SNSClient({}),
  names: { table: 'parcels', topic: 'arn:aws:sns:us-east-1:123456789012:parcels' },
});

export type Dependencies = ReturnType<typeof production>;
