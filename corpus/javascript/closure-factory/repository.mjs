import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';

/** A repository over one table; the client and the table stay inside the closure. */
export function createRepository(tableName, client = DynamoDBDocumentClient.from(new DynamoDBClient({}))) {
  const run = (command) => client.send(command);

  const save = (item) => run(new PutCommand({ TableName: tableName, Item: item }));
  const remove = (id) => run(new DeleteCommand({ TableName: tableName, Key: { id } }));

  return { save, remove };
}
