'use strict';

const { DynamoDB } = require('aws-sdk');

const documents = new DynamoDB.DocumentClient();

exports.report = () => documents.scan({ TableName: 'parks' }).promise();
