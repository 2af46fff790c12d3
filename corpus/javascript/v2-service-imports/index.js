'use strict';

const S3 = require('aws-sdk/clients/s3');
const SQS = require('aws-sdk/clients/sqs');
const { DocumentClient } = require('aws-sdk/clients/dynamodb');

// Parameters bound to the service object are added to every request.
const bucket = new S3({ params: { Bucket: 'photo-originals' } });
const sqs = new SQS({ params: { QueueUrl: 'https://sqs.us-west-2.amazonaws.com/123456789012/photo-work' } });
const albums = new DocumentClient({ params: { TableName: 'photo-albums' } });

exports.handler = async () => {
  const { Messages = [] } = await sqs.receiveMessage({ MaxNumberOfMessages: 10 }).promise();
  for (const message of Messages) {
    const { album } = JSON.parse(message.Body);
    await bucket.waitFor('objectExists', { Key: 'cover.jpg' }).promise();
    await albums
      .update({
        Key: { album },
        UpdateExpression: 'SET hasCover = :yes',
        ExpressionAttributeValues: { ':yes': true },
      })
      .promise();
    await sqs.deleteMessage({ ReceiptHandle: message.ReceiptHandle }).promise();
  }
};
