import { DynamoDB } from '@aws-sdk/client-dynamodb';

const dynamodb = new DynamoDB({});

export default class Catalogue {
  constructor(private readonly table = 'gallery-pictures') {}

  add(id: string) {
    return dynamodb.putItem({ TableName: this.table, Item: { id: { S: id } } });
  }
}
