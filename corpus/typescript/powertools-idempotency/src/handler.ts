import { makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

const events = new EventBridgeClient({});
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: 'payments-seen' });

const pay = makeIdempotent(
  async (event: { payment: string }) => {
    await events.send(
      new PutEventsCommand({
        Entries: [{ EventBusName: 'payments', Source: 'till', DetailType: 'paid', Detail: '{}' }],
      }),
    );
    return { paid: event.payment };
  },
  { persistenceStore },
);

export const handler = (event: { payment: string }) => pay(event);
