const path = require('path');
const { DynamoDB } = require('@aws-sdk/client-dynamodb');
const { S3 } = require('@aws-sdk/client-s3');
const { SSM } = require('@aws-sdk/client-ssm');

const s3 = new S3({ forcePathStyle: true });
const SERVICE = 'Acme:Billing';
const [company, service] = SERVICE.toLowerCase().split(':');
const region = 'eu-west-1'.split('-')[0];
const year = '2026-11-24'.slice(0, 4);

const bucket = (kind) => company.concat('-', kind);
const table = `${company}_${service}`.replace(/_/g, '-') + '-v' + 2;

exports.handler = async ({ day }) => {
  const Key = path.posix.join('app', year, `${day}.log`);
  await s3.putObject({ Bucket: [bucket('logs'), region].join('-'), Key, Body: day });
  await s3.getObject({ Bucket: bucket('config'), Key: `services/${service.trim()}.json` });
  await new DynamoDB({}).getItem({ TableName: table, Key: { id: { S: day } } });
  const name = ['', company, service, 'key-' + '7'.padStart(3, '0')].join('/');
  await new SSM({}).getParameter({ Name: name });
};
