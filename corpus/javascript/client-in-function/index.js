'use strict';

const { SQSClient, SendMessageCommand, GetQueueUrlCommand } = require('@aws-sdk/client-sqs');

function createClient() {
  return new SQSClient({ maxAttempts: 5 });
}

exports.handler = async (event) => {
  const sqs = createClient();
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'invoice-jobs' }));
  const result = await sqs.send(
    new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ invoice: event.invoiceId }) }),
  );
  return { messageId: result.MessageId };
};
