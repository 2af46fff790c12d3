import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SQS } from '@aws-sdk/client-sqs';

export interface Order {
  readonly id: string;
  readonly total: number;
}

/** The clients come from outside: their types are the only evidence of what they are. */
export class OrderService {
  constructor(
    private readonly documents: DynamoDBDocumentClient,
    private readonly sqs: SQS,
  ) {}

  async find(id: string): Promise<Order | undefined> {
    const { Item } = await this.documents.send(new GetCommand({ TableName: 'web-orders', Key: { id } }));
    return Item as Order | undefined;
  }

  async place(order: Order): Promise<void> {
    await this.documents.send(new PutCommand({ TableName: 'web-orders', Item: order }));
    await this.sqs.sendMessage({
      QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/web-orders-placed',
      MessageBody: JSON.stringify(order),
    });
  }
}
