'use strict';

const { PutItemCommand, DeleteItemCommand } = require('@aws-sdk/client-dynamodb');

const TABLE = 'feature-flags';

/** The command that stores a flag, or removes it when it has no value any more. */
function commandFor(name, value) {
  let command;
  if (value === undefined) {
    command = new DeleteItemCommand({ TableName: TABLE, Key: { name: { S: name } } });
  } else {
    command = new PutItemCommand({
      TableName: TABLE,
      Item: { name: { S: name }, value: { BOOL: Boolean(value) } },
    });
  }
  return command;
}

module.exports = { commandFor };
