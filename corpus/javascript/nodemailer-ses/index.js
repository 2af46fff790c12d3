const nodemailer = require('nodemailer');
const AWS = require('aws-sdk');

const transport = nodemailer.createTransport({ SES: new AWS.SES({ apiVersion: '2010-12-01' }) });

exports.handler = async ({ visitor, ticket }) => {
  const info = await transport.sendMail({
    from: 'desk@museum.example',
    to: visitor,
    subject: 'Your ticket',
    attachments: [{ filename: 'ticket.pdf', content: Buffer.from(ticket, 'base64') }],
  });
  return info.messageId;
};
