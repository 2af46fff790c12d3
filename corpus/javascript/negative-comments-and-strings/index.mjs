// Used to read from S3:
//   const s3 = new S3Client({});
//   await s3.send(new GetObjectCommand({ Bucket: 'old-config', Key: 'config.json' }));
import { readFile } from 'node:fs/promises';

/* import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'; */

const help = `
  To upload by hand:

    import { S3 } from '@aws-sdk/client-s3';
    await new S3().putObject({ Bucket: 'old-config', Key: 'config.json' });
`;

const deniedMessage = "dynamodb.putItem({ TableName: 'users' }) failed: require('aws-sdk') is missing";

export const handler = async (event) => {
  if (event.help) {
    return help;
  }
  const config = JSON.parse(await readFile(new URL('./config.json', import.meta.url), 'utf8'));
  if (!config.enabled) {
    throw new Error(deniedMessage);
  }
  const pattern = /new AWS\.S3\(\)\.getObject/;
  return pattern.test(event.source);
};
