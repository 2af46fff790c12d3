'use strict';

const { S3Client, PutObjectCommand, waitUntilObjectExists } = require('@aws-sdk/client-s3');
const { DynamoDBClient, waitUntilTableExists } = require('@aws-sdk/client-dynamodb');

const s3 = new S3Client({});

async function publish(report) {
  await s3.send(
    new PutObjectCommand({ Bucket: 'monthly-reports', Key: 'current/summary.txt', Body: report }),
  );
  await waitUntilObjectExists(
    { client: s3, maxWaitTime: 30 },
    { Bucket: 'monthly-reports', Key: 'current/summary.txt' },
  );
}

exports.handler = async () => {
  const client = new DynamoDBClient({});
  await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName: 'report-index' });
  await publish('nothing to report');
};
