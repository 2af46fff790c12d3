const { DynamoDB } = require('@aws-sdk/client-dynamodb');

const client = new DynamoDB({});

module.exports = (id) => client.getItem({ TableName: 'export-forms', Key: { id: { S: id } } });
