import * as aws from '@aws-sdk/client-ses';
import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import nodemailer, { type Transporter } from 'nodemailer';

const tickets: Transporter = nodemailer.createTransport({
  SES: { ses: new aws.SES({ region: 'eu-west-1' }), aws },
});

const news: Transporter = nodemailer.createTransport({
  SES: { sesClient: new SESv2Client({}), SendEmailCommand },
});

export async function sendTicket(to: string, pdf: Buffer): Promise<void> {
  await tickets.sendMail({
    from: 'box-office@opera.example',
    to,
    subject: 'Your ticket',
    attachments: [{ filename: 'ticket.pdf', content: pdf }],
  });
}

export const sendNews = (to: string[], html: string) =>
  news.sendMail({ from: 'news@opera.example', bcc: to, subject: 'This season', html });
