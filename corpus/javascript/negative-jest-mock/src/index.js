'use strict';

const { SNSClient, PublishCommand } = require('@aws-sdk/client-sns');

const sns = new SNSClient({});

exports.handler = async (event) => {
  await sns.send(
    new PublishCommand({
      TopicArn: 'arn:aws:sns:us-east-1:123456789012:door-opened',
      Message: event.door,
    }),
  );
};
