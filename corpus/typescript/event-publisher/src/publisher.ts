import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';

export interface DomainEvent {
  readonly type: string;
  readonly payload: unknown;
}

const BUS = 'commerce-events';

export function createPublisher(source: string, client = new EventBridgeClient({})) {
  const toEntry = (event: DomainEvent): PutEventsRequestEntry => ({
    EventBusName: BUS,
    Source: source,
    DetailType: event.type,
    Detail: JSON.stringify(event.payload),
  });

  return async function publish(...events: DomainEvent[]): Promise<number> {
    const { FailedEntryCount } = await client.send(
      new PutEventsCommand({ Entries: events.map(toEntry) }),
    );
    return FailedEntryCount ?? 0;
  };
}
