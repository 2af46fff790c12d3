import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";

export const handler = async (event) => {
  const sqs = new SQSClient({});
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.SECOND, MessageBody: event.body }));
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.LAST, MessageBody: event.body }));
  await new SNSClient({}).send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: "sent" }));
};
