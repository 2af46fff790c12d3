import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

type Kind = 'clean' | 'repair' | 'mail';
type Job = (room: string) => Promise<unknown>;

const sqs = new SQSClient({});
const ses = new SESv2Client({});
const base = 'https://sqs.us-east-1.amazonaws.com/123456789012';

const queued =
  (name: string): Job =>
  (room) =>
    sqs.send(new SendMessageCommand({ QueueUrl: `${base}/hotel-${name}`, MessageBody: room }));

const jobs: Readonly<Record<Kind, Job>> = {
  clean: queued('clean'),
  repair: queued('repair'),
  mail: (room) =>
    ses.send(
      new SendEmailCommand({
        FromEmailAddress: 'desk@hotel.example',
        Destination: { ToAddresses: ['guest@hotel.example'] },
        Content: { Simple: { Subject: { Data: room }, Body: { Text: { Data: 'ready' } } } },
      }),
    ),
};

export const handler = async ({ kind, room }: { kind: Kind; room: string }) => jobs[kind](room);
