"use strict";
var __defProp = Object.defineProperty;

// src/functions/save.ts
var handler_exports = {};
module.exports = handler_exports;
var import_client_dynamodb = require("@aws-sdk/client-dynamodb");
var handler = async (event) => new import_client_dynamodb.DynamoDBClient({}).send(
  new import_client_dynamodb.PutItemCommand({ TableName: process.env.TABLE, Item: { id: { S: event.id } } })
);
0 && (module.exports = { handler });
