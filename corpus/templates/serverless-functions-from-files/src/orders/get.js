const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");

exports.handler = (event) =>
  new DynamoDBClient({}).send(new GetItemCommand({ TableName: process.env.TABLE, Key: { id: { S: event.id } } }));
