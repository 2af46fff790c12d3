import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

const dynamodb = new DynamoDBClient({});

export const handler = async ({ id }) => {
  const put = new PutItemCommand({ TableName: 'drafts', Item: { id: { S: id } } });
  console.log(put.input);
  const upload = new Upload({
    client: new S3Client({}),
    params: { Bucket: 'drafts', Key: id, Body: id },
  });
  await upload.abort();
  const commands = [new PutObjectCommand({ Bucket: 'drafts', Key: id })];
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: 'drafts', Key: { id: { S: id } } }),
  );
  return [Item, commands.length];
};
