const { DynamoDBClient, DeleteItemCommand } = require("@aws-sdk/client-dynamodb");

exports.handler = (event) =>
  new DynamoDBClient({}).send(new DeleteItemCommand({ TableName: process.env.TABLE, Key: { id: { S: event.id } } }));
