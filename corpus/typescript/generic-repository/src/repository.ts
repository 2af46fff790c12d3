import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

export interface Entity {
  readonly id: string;
}

export abstract class Repository<T extends Entity> {
  protected static readonly client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

  protected abstract readonly tableName: string;

  async get(id: T['id']): Promise<T | undefined> {
    const result = await Repository.client.send(
      new GetCommand({ TableName: this.tableName, Key: { id } }),
    );
    return result.Item as T | undefined;
  }

  async put(entity: T): Promise<void> {
    await Repository.client.send(new PutCommand({ TableName: this.tableName, Item: entity }));
  }

  async remove({ id }: Pick<T, 'id'>): Promise<void> {
    await Repository.client.send(new DeleteCommand({ TableName: this.tableName, Key: { id } }));
  }
}
