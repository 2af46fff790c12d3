const AWS = require('aws-sdk');

const sts = new AWS.STS();
const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/tenants';

exports.handler = async (event) => {
  const params = { RoleArn: 'arn:aws:iam::210987654321:role/tenant-reader', RoleSessionName: 'tenants' };
  const data = await sts.assumeRole(params).promise();
  const dynamodb = new AWS.DynamoDB({ credentials: sts.credentialsFrom(data) });
  const { Items } = await dynamodb.scan({ TableName: event.table }).promise();
  await new AWS.SQS().sendMessage({ QueueUrl, MessageBody: JSON.stringify(Items) }).promise();
};
