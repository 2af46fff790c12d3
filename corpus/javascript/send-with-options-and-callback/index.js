'use strict';

const { GetObjectCommand, PutObjectCommand, S3Client } = require('@aws-sdk/client-s3');
const { SendMessageCommand, SQSClient } = require('@aws-sdk/client-sqs');

const s3 = new S3Client({ forcePathStyle: true });
const sqs = new SQSClient({});

function archive(body, done) {
  const command = new PutObjectCommand({
    Bucket: 'newsletter-assets',
    Key: 'archive/header.png',
    Body: body,
  });
  s3.send(command, { requestTimeout: 5000 }, (error, data) => {
    if (error) return done(error);
    notify(data.ETag, done);
  });
}

function notify(tag, done) {
  sqs.send(
    new SendMessageCommand({
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/newsletter',
      MessageBody: tag,
    }),
    done,
  );
}

exports.handler = async () => {
  const controller = new AbortController();
  const object = await s3.send(
    new GetObjectCommand({ Bucket: 'newsletter-assets', Key: 'header.png' }),
    { abortSignal: controller.signal },
  );
  const body = await object.Body.transformToByteArray();
  return new Promise((resolve, reject) => {
    archive(body, (error, result) => (error ? reject(error) : resolve(result.MessageId)));
  });
};
