'use strict';

// The layout of the application changed; the module is not in this repository any more.
const { TABLE_NAME, dynamodb, runQuery } = require('../lambda/dynamoUtil');
const tables = require('../lambda/tables');

exports.up = async () => {
  const parks = await runQuery({ TableName: TABLE_NAME, KeyConditionExpression: 'pk = :pk' });
  for (const park of parks) {
    await dynamodb
      .updateItem({
        TableName: 'parks',
        Key: { pk: park.pk },
        UpdateExpression: 'SET isUpdating = :no',
        ExpressionAttributeValues: { ':no': { BOOL: false } },
      })
      .promise();
  }
  // Names of one's own that are no calls of an SDK, whatever module they come from.
  await tables.putItem({ table: 'parks', done: true });
  await tables.describe('parks');
};
