const { DynamoDB } = require('@aws-sdk/client-dynamodb');

const dynamodb = new DynamoDB({});

exports.handler = () =>
  dynamodb.executeTransaction([{ Statement: `SELECT * FROM "fixtures" WHERE "pk" = 'CUP'` }]);
