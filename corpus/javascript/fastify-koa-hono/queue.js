const { SendMessageCommand, SQSClient } = require('@aws-sdk/client-sqs');

const client = new SQSClient({ region: 'eu-west-1' });

exports.queue = (framework) => {
  const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/123456789012/${framework}-jobs`;
  return (body) => client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
};
