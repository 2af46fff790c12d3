const { DynamoDBDocument } = require('@aws-sdk/lib-dynamodb');
const { DynamoDB } = require('@aws-sdk/client-dynamodb');
const { SQS } = require('@aws-sdk/client-sqs');
const { SSM } = require('@aws-sdk/client-ssm');

const documents = DynamoDBDocument.from(new DynamoDB({}));
const sqs = new SQS({});

async function laps() {
  const items = [];
  const params = { TableName: 'swimming-laps' };
  try {
    do {
      const page = await documents.scan(params);
      items.push(...page.Items);
      params.ExclusiveStartKey = page.LastEvaluatedKey;
    } while (params.ExclusiveStartKey);
  } catch (error) {
    console.error(error);
    throw error;
  }
  return items;
}

async function names() {
  let token;
  const ssm = new SSM({});
  do {
    const page = await ssm.getParametersByPath({ Path: '/swimming', NextToken: token });
    token = page.NextToken;
    if (token) continue;
    await documents.query({
      TableName: 'swimming-laps',
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: { ':id': `${page.Parameters.length}` },
    });
  } while (token);
}

exports.handler = async () => {
  await laps();
  await names();
  let received = 0;
  do {
    const { Messages } = await sqs.receiveMessage({
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/swimming',
    });
    if (!Messages) break;
    received += Messages.length;
  } while (received < 10);
  await documents.put({ TableName: 'swimming-done', Item: { id: String(received) } });
};
