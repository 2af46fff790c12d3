let cached: Promise<typeof import('@aws-sdk/client-dynamodb')> | undefined;
const dynamodb = () => (cached ??= import('@aws-sdk/client-dynamodb'));

async function index(): Promise<string> {
  const { S3Client, GetObjectCommand } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ forcePathStyle: true });
  const result = await client.send(new GetObjectCommand({ Bucket: 'rare-maps', Key: 'index.json' }));
  return result.Body!.transformToString();
}

export async function handler() {
  const text = await index();
  const sdk = await dynamodb();
  const client = new sdk.DynamoDBClient({});
  await client.send(new sdk.GetItemCommand({ TableName: 'rare-maps', Key: { id: { S: text } } }));
  const { announce } = await import('./announce');
  return announce(text);
}
