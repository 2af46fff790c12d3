import { mockClient } from 'aws-sdk-client-mock';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';

export const documents = mockClient(DynamoDBDocumentClient);
export const objects = mockClient(S3Client);

export function prepare() {
  documents.reset();
  documents.on(GetCommand, { TableName: 'fakes' }).resolves({ Item: { id: '1' } });
  documents.on(PutCommand).rejects(new Error('read only'));
  objects.on(GetObjectCommand).resolvesOnce({});
}

export const sent = () => documents.commandCalls(PutCommand, { TableName: 'fakes' }).length;
