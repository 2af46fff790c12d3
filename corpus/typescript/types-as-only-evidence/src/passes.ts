import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Clients, Context } from './ports';

const TableName = 'ski-passes';

export async function issue(context: Context, id: string) {
  await context.documents.send(new PutCommand({ TableName, Item: { id } }));
  await context.mail().sendEmail({
    Source: 'office@ski.example',
    Destination: { ToAddresses: ['pass-holders@ski.example'] },
    Message: { Subject: { Data: 'Pass' }, Body: { Text: { Data: id } } },
  });
}

export async function revoke({ documents }: Context, id: string) {
  await documents.send(new DeleteCommand({ TableName, Key: { id } }));
}

export async function map({ s3, queue }: Clients) {
  await queue?.send(
    new SendMessageCommand({
      QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/ski-lifts',
      MessageBody: 'map',
    }),
  );
  return s3.getObject({ Bucket: 'ski-maps', Key: 'valley.svg' });
}
