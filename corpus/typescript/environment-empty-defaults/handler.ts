import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const { QUEUE_URL = '' } = process.env;

class ClaimEvents {
  private readonly events = new EventBridgeClient({});
  private readonly bus = process.env.EVENT_BUS_NAME ?? '';

  async opened(claim: string): Promise<void> {
    if (!this.bus) return;
    const entry = { Source: 'claims', DetailType: 'Opened', Detail: JSON.stringify({ claim }) };
    await this.events.send(
      new PutEventsCommand({ Entries: [{ ...entry, EventBusName: this.bus }] }),
    );
  }
}

export const handler = async (event: { claim: string }): Promise<void> => {
  const table = process.env.CLAIMS_TABLE || '';
  await new DynamoDBClient({}).send(
    new GetItemCommand({ TableName: table, Key: { id: { S: event.claim } } }),
  );
  if (QUEUE_URL) {
    await new SQSClient({}).send(
      new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody: event.claim }),
    );
  }
  await new ClaimEvents().opened(event.claim);
};
