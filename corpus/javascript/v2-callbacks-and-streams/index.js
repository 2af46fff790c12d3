'use strict';

const AWS = require('aws-sdk');
const zlib = require('zlib');

const s3 = new AWS.S3({ apiVersion: '2006-03-01' });
const sns = new AWS.SNS();

exports.handler = (event, context, callback) => {
  const input = s3
    .getObject({ Bucket: 'legacy-dumps', Key: 'nightly/customers.csv.gz' })
    .createReadStream();
  const body = input.pipe(zlib.createGunzip());

  s3.upload({ Bucket: 'legacy-plain', Key: 'customers.csv', Body: body }, (err) => {
    if (err) {
      callback(err);
      return;
    }
    const url = s3.getSignedUrl('getObject', {
      Bucket: 'legacy-plain',
      Key: 'customers.csv',
      Expires: 3600,
    });
    const message = {
      TopicArn: 'arn:aws:sns:us-east-1:123456789012:dump-ready',
      Message: 'The customer list is ready: ' + url,
    };
    sns.publish(message, function (error, data) {
      callback(error, data && data.MessageId);
    });
  });
};
