import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";

const ssm = new SSMClient({});
const sqs = new SQSClient({});
const sns = new SNSClient({});

interface Cleanup {
  path: string;
  queues: string[];
  topics: { alerts: string };
  days: number;
  trial: boolean;
}

export const handler = async () => {
  const settings = JSON.parse(process.env.CLEANUP!) as Cleanup;
  await ssm.send(new GetParametersByPathCommand({ Path: settings.path }));
  // What a flag is decides nothing.
  if (settings.trial) {
    await sns.send(new PublishCommand({ TopicArn: settings.topics.alerts, Message: "trial" }));
  }
  for (const QueueUrl of settings.queues) {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "clean" }));
  }
};
