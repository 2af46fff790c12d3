'use strict';

const { DynamoDB } = require('@aws-sdk/client-dynamodb');
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');

const dynamodb = new DynamoDB({});
const sqs = new SQSClient({});

exports.handler = async (event) => {
  // The caller says what to do: nobody can tell from here which operation this is.
  const result = await dynamodb[event.operation](event.payload);
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/operations-done',
      MessageBody: event.operation,
    }),
  );
  return result;
};
