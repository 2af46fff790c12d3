const { DynamoDB } = require('@aws-sdk/client-dynamodb');

const dynamodb = new DynamoDB({});
const SEASONS = ['spring', 'autumn'];

const defaults = { ReturnValues: 'NONE' };

function requests(id) {
  const items = {};
  for (const season of SEASONS) {
    items[`seeds-${season}`] = [{ PutRequest: { Item: { id: { S: `${season}-${id}` } } } }];
  }
  return items;
}

exports.handler = async ({ id, amount, condition }) => {
  await dynamodb.batchWriteItem({ RequestItems: requests(id) });
  const table = { TableName: 'seed-stock' };
  const input = Object.assign({}, defaults, table, {
    Key: { id: { S: id } },
    UpdateExpression: 'ADD amount :a',
    ExpressionAttributeValues: { ':a': { N: String(amount) } },
    ...(condition && { ConditionExpression: 'attribute_not_exists(locked)' }),
  });
  await dynamodb.updateItem(input);
};
