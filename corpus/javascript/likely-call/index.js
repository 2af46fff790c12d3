'use strict';

const { DynamoDBClient, ListTablesCommand } = require('@aws-sdk/client-dynamodb');

const dynamodb = new DynamoDBClient({});

exports.handler = async () => {
  const { TableNames } = await dynamodb.send(new ListTablesCommand({}));
  return { healthy: TableNames.length > 0 };
};
