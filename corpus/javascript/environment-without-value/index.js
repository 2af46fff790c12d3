'use strict';

const { DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb');
const { SFNClient, StartExecutionCommand } = require('@aws-sdk/client-sfn');

const { TABLE_NAME } = process.env;

const dynamodb = new DynamoDBClient({});
const stepFunctions = new SFNClient({});

exports.handler = async (event) => {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: TABLE_NAME, Key: { id: { S: event.id } } }),
  );
  if (!Item) {
    return { started: false };
  }
  const { executionArn } = await stepFunctions.send(
    new StartExecutionCommand({
      stateMachineArn: process.env.STATE_MACHINE_ARN,
      input: JSON.stringify(Item),
    }),
  );
  return { started: true, executionArn };
};
