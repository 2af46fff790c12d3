const { DynamoDB } = require("@aws-sdk/client-dynamodb");

exports.handler = async () => new DynamoDB({}).scan({ TableName: process.env.TABLE });
