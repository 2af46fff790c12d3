'use strict';

const AWS = require('aws-sdk');

const sns = new AWS.SNS();

/** Says which host a service is reached at; the service is named by the caller. */
function hostOf(name) {
  const client = new AWS[name]();
  return client.endpoint.hostname;
}

exports.handler = async (event) => {
  const host = hostOf(event.service);
  await sns
    .publish({ TopicArn: 'arn:aws:sns:us-east-1:123456789012:endpoints', Message: host })
    .promise();
  return host;
};
