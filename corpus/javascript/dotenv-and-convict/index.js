const { DynamoDB } = require('@aws-sdk/client-dynamodb');
const { SNS } = require('@aws-sdk/client-sns');
const config = require('./config');

exports.handler = async ({ dish }) => {
  await new DynamoDB({}).putItem({ TableName: config.table, Item: { id: { S: dish } } });
  await new SNS({}).publish({ TopicArn: config.topic, Message: dish });
};
