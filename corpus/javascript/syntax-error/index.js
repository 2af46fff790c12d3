'use strict';

const { SNSClient, PublishCommand } = require('@aws-sdk/client-sns');
const { SSMClient, PutParameterCommand } = require('@aws-sdk/client-ssm');

const sns = new SNSClient({});
const ssm = new SSMClient({});

async function announce(release) {
  await sns.send(
    new PublishCommand({
      TopicArn: 'arn:aws:sns:ap-southeast-2:123456789012:releases',
      Message: `Release ${release} is out`,
    }),
  );
}

function format(release {
  return release.join('.');
}

async function remember(release) {
  await ssm.send(
    new PutParameterCommand({ Name: '/releases/current', Value: release, Overwrite: true }),
  );
}

exports.handler = async (event) => {
  await announce(event.release);
  await remember(event.release);
};
