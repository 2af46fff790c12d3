import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';

export interface Plant {
  id: string;
  name: string;
}

export const createRepository = (
  tableName: string,
  client = DynamoDBDocumentClient.from(new DynamoDBClient({})),
) => ({
  async find(id: string): Promise<Plant | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: { id } }));
    return Item as Plant | undefined;
  },
  save: (plant: Plant) => client.send(new PutCommand({ TableName: tableName, Item: plant })),
  remove: (id: string) => client.send(new DeleteCommand({ TableName: tableName, Key: { id } })),
});

export type Repository = ReturnType<typeof createRepository>;
