import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { SNS } from '@aws-sdk/client-sns';
import { logged, sealed } from './decorators';

@sealed
export class Counter {
  private readonly db = new DynamoDB({});
  private readonly sns = new SNS({});

  @logged('counter')
  async up(id: string): Promise<void> {
    await this.db.updateItem({
      TableName: 'counters',
      Key: { id: { S: id } },
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    });
    await this.tell(id);
  }

  @logged('tell')
  protected tell(id: string) {
    return this.sns.publish({
      TopicArn: 'arn:aws:sns:eu-west-1:123456789012:counted',
      Message: id,
    });
  }
}
