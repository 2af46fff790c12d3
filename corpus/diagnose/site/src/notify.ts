import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { SESClient, SendEmailCommand } from "@aws-sdk/client-ses";

const sns = new SNSClient({});
const events = new EventBridgeClient({});
const ses = new SESClient({});

export const handler = async () => {
  await sns.send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: "new" }));
  await events.send(new PutEventsCommand({ Entries: [{ EventBusName: "site", Source: "site", DetailType: "x", Detail: "{}" }] }));
  await ses.send(
    new SendEmailCommand({
      Source: "news@example.com",
      Destination: { ToAddresses: ["anna@example.com"] },
      Message: { Subject: { Data: "x" }, Body: { Text: { Data: "x" } } },
    }),
  );
};
