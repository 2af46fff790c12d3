import { S3 } from '@aws-sdk/client-s3';
import { DynamoDB } from '@aws-sdk/client-dynamodb';

const s3 = new S3();
const dynamodb = new DynamoDB();

export async function handler() {
  const object = await s3.getObject({ Bucket: 'sensor-uploads', Key: 'latest/reading.json' });
  const reading = JSON.parse(await object.Body.transformToString());

  await dynamodb.putItem({
    TableName: 'sensor-readings',
    Item: {
      sensor: { S: reading.sensor },
      takenAt: { N: String(reading.takenAt) },
      celsius: { N: String(reading.celsius) },
    },
  });
  await s3.deleteObject({ Bucket: 'sensor-uploads', Key: 'latest/reading.json' });
  return reading.sensor;
}
