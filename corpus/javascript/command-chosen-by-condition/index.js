'use strict';

const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const { commandFor } = require('./commands');

const client = new DynamoDBClient();

exports.handler = async (event) => {
  for (const { name, value } of event.flags) {
    const command = commandFor(name, value);
    await client.send(command);
  }
  return { changed: event.flags.length };
};
