import { SendEmailCommand, SESv2Client } from "@aws-sdk/client-sesv2";

export const handler = () =>
  new SESv2Client({}).send(
    new SendEmailCommand({
      FromEmailAddress: "news@example.com",
      Destination: { ToAddresses: ["team@example.com"] },
      Content: { Simple: { Subject: { Data: "a" }, Body: { Text: { Data: "b" } } } },
    }),
  );
