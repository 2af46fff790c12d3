import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";

const client = new EventBridgeClient({});

export const handler = async (event: { body: string }) =>
  client.send(
    new PutEventsCommand({ Entries: [{ EventBusName: "builds", Source: "hook", DetailType: "push", Detail: event.body }] }),
  );
