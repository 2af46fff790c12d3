import DynamoDB, { DocumentClient } from 'aws-sdk/clients/dynamodb';
import { S3 } from 'aws-sdk';

const documents: DocumentClient = new DynamoDB.DocumentClient();

export const load = async (id: string): Promise<DocumentClient.AttributeMap | undefined> => {
  const input: DocumentClient.GetItemInput = { TableName: 'legacy-jobs', Key: { id } };
  const { Item } = await documents.get(input).promise();
  return Item;
};

export class ResultStore {
  constructor(private readonly s3: S3 = new S3()) {}

  async write(id: string, Body: S3.Body): Promise<void> {
    await this.s3.putObject({ Bucket: 'legacy-results', Key: `done/${id}`, Body }).promise();
  }

  link(id: string): string {
    return this.s3.getSignedUrl('getObject', { Bucket: 'legacy-results', Key: `done/${id}` });
  }
}
