import { DescribeTableCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Clients, getS3 } from './clients';

const Bucket = 'table-snapshots';
const TableName = 'inventory';

export const handler = async (): Promise<number> => {
  await getS3().send(new HeadBucketCommand({ Bucket }));
  const { dynamodb } = Clients.get();
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
  await getS3().send(
    new PutObjectCommand({
      Bucket,
      Key: `${TableName}/snapshot.json`,
      Body: JSON.stringify(Items),
    }),
  );
  return Table?.ItemCount ?? Items.length;
};
