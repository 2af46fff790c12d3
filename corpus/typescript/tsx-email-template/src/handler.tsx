import * as React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { Receipt } from './receipt';

const ses = new SESv2Client({});
const FROM = process.env.SENDER;

export async function handler(event: {
  email: string;
  customer: string;
  lines: { title: string; price: number }[];
}): Promise<string | undefined> {
  const html = renderToStaticMarkup(<Receipt customer={event.customer} lines={event.lines} />);
  const { MessageId } = await ses.send(
    new SendEmailCommand({
      FromEmailAddress: FROM,
      Destination: { ToAddresses: [event.email] },
      Content: {
        Simple: {
          Subject: { Data: 'Your receipt' },
          Body: { Html: { Data: `<!doctype html>${html}` } },
        },
      },
    }),
  );
  return MessageId;
}
