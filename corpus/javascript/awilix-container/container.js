const { asClass, asFunction, asValue, createContainer } = require('awilix');
const { S3 } = require('@aws-sdk/client-s3');
const { SQS } = require('@aws-sdk/client-sqs');
const { Archive } = require('./archive');

const makePrinter = ({ sqs, queueUrl }) => ({
  print: (plan) => sqs.sendMessage({ QueueUrl: queueUrl, MessageBody: plan }),
});

const container = createContainer();

container.register({
  archive: asClass(Archive).singleton(),
  bucket: asValue('plans'),
  printer: asFunction(makePrinter),
  queueUrl: asValue('https://sqs.eu-west-1.amazonaws.com/123456789012/plans-to-print'),
  s3: asValue(new S3({})),
  sqs: asFunction(() => new SQS({})).singleton(),
});

module.exports = { container };
