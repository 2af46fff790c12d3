'use strict';

const AWS = require('aws-sdk');

AWS.config.update({ region: 'us-east-1' });

const bucket = new AWS.S3({ params: { Bucket: 'press-kit' } });
const dynamodb = new AWS.DynamoDB({ apiVersion: '2012-08-10' });

function pages() {
  return new Promise((resolve, reject) => {
    let count = 0;
    bucket.listObjectsV2({ MaxKeys: 100 }).eachPage((error, data) => {
      if (error) return reject(error);
      if (data === null) return resolve(count);
      count += data.Contents.length;
      return true;
    });
  });
}

exports.handler = async () => {
  await bucket.putObject({ Key: 'latest.zip', Body: 'zip' }).promise();
  await bucket.waitFor('objectExists', { Key: 'latest.zip' }).promise();
  await dynamodb.waitFor('tableExists', { TableName: 'press-contacts' }).promise();
  const request = dynamodb.makeRequest('putItem', {
    TableName: 'press-contacts',
    Item: { id: { S: 'editor' } },
  });
  await request.promise();
  return pages();
};
