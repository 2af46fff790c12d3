'use strict';

const { DynamoDBClient, ScanCommand, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');
const { SNSClient, PublishCommand } = require('@aws-sdk/client-sns');

const dynamodb = new DynamoDBClient({});
const sns = new SNSClient({});

const base = { TableName: 'subscriptions', ReturnConsumedCapacity: 'TOTAL' };

exports.handler = async (event) => {
  const scan = { ...base, FilterExpression: 'renewsAt < :now' };
  scan.ExpressionAttributeValues = { ':now': { N: String(event.now) } };
  if (event.limit) {
    scan.Limit = event.limit;
  }
  const { Items } = await dynamodb.send(new ScanCommand(scan));

  const message = {};
  message.TopicArn = 'arn:aws:sns:us-east-1:123456789012:renewals';
  message['Message'] = JSON.stringify(Items.map((item) => item.id.S));
  await sns.send(new PublishCommand(message));

  for (const { id } of Items) {
    const update = Object.assign({}, base, {
      Key: { id },
      UpdateExpression: 'SET queuedAt = :now',
      ExpressionAttributeValues: scan.ExpressionAttributeValues,
    });
    await dynamodb.send(new UpdateItemCommand(update));
  }
};
