import { CognitoIdentityServiceProvider, DynamoDB } from 'aws-sdk';
import type { DocumentClient } from 'aws-sdk/clients/dynamodb';

export class Buses {
  private readonly table: string = 'buses';

  constructor(
    private readonly db: DocumentClient = new DynamoDB.DocumentClient(),
    private readonly users: CognitoIdentityServiceProvider = new CognitoIdentityServiceProvider(),
  ) {}

  async onLine(line: number): Promise<DocumentClient.AttributeMap[]> {
    const params: DocumentClient.QueryInput = {
      TableName: this.table,
      KeyConditionExpression: '#line = :line',
      ExpressionAttributeNames: { '#line': 'line' },
      ExpressionAttributeValues: { ':line': line },
    };
    const result = await this.db.query(params).promise();
    return result.Items ?? [];
  }

  async add(item: DocumentClient.PutItemInputAttributeMap): Promise<void> {
    await this.db.put({ TableName: this.table, Item: item }).promise();
  }

  drivers = (): Promise<CognitoIdentityServiceProvider.ListUsersResponse> =>
    this.users.listUsers({ UserPoolId: 'eu-west-1_Buses' }).promise();
}
