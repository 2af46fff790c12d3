const SNS = require('aws-sdk/clients/sns');
const { SQS } = require('aws-sdk');

const sns = new SNS({ region: 'us-east-1' });

exports.ring = (door) =>
  new Promise((resolve, reject) => {
    const request = sns.publish({
      TopicArn: 'arn:aws:sns:us-east-1:123456789012:door-bell',
      Message: door,
    });
    request
      .on('success', (response) => {
        const sqs = new SQS({ region: 'us-east-1' });
        sqs
          .sendMessage({
            QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/door-log',
            MessageBody: response.data.MessageId,
          })
          .send((error, data) => (error ? reject(error) : resolve(data)));
      })
      .on('error', reject)
      .send();
  });
