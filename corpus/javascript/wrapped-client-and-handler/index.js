'use strict';

const middy = require('@middy/core');
const jsonBodyParser = require('@middy/http-json-body-parser');
const { captureAWSv3Client } = require('aws-xray-sdk-core');
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');

const dynamodb = captureAWSv3Client(new DynamoDBClient({}));

function withRetries(operation, attempts = 3) {
  return async (...args) => {
    for (let left = attempts; ; left -= 1) {
      try {
        return await operation(...args);
      } catch (error) {
        if (left <= 1) throw error;
      }
    }
  };
}

const store = withRetries((item) =>
  dynamodb.send(new PutItemCommand({ TableName: 'guestbook', Item: item })),
);

const signGuestbook = async (event) => {
  const { name, text } = event.body;
  await store({ name: { S: name }, text: { S: text } });
  return { statusCode: 201 };
};

exports.handler = middy(signGuestbook).use(jsonBodyParser());
