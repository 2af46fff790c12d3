const dock = require('./dock');
const { SNS } = require('@aws-sdk/client-sns');

const sns = new SNS({});

exports.announce = (text) =>
  sns.publish({ TopicArn: 'arn:aws:sns:us-east-1:123456789012:ferry', Message: text });

exports.handler = (count) => dock.load(count);
