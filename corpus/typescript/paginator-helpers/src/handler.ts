import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, S3Client, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
import { paginateListQueues, SQSClient } from '@aws-sdk/client-sqs';
import { collect } from './collect';

const s3 = new S3Client({ forcePathStyle: true });
const ssm = new SSMClient({});

async function keys(Bucket: string): Promise<string[]> {
  const all: string[] = [];
  let token: string | undefined;
  do {
    const page: ListObjectsV2CommandOutput = await s3.send(
      new ListObjectsV2Command({ Bucket, ContinuationToken: token }),
    );
    page.Contents?.forEach(({ Key }) => Key && all.push(Key));
    token = page.NextContinuationToken;
  } while (token);
  return all;
}

export async function handler() {
  const items = await collect(
    paginateScan({ client: new DynamoDBClient({}), pageSize: 50 }, { TableName: 'scan-index' }),
    (page) => page.Items,
  );
  const parameters = await collect(
    paginateGetParametersByPath({ client: ssm }, { Path: '/scans/', Recursive: true }),
    (page) => page.Parameters,
  );
  const queues = paginateListQueues({ client: new SQSClient({}) }, {});
  const first = await queues.next();
  return { items, parameters, keys: await keys('scan-archive'), queues: first.value?.QueueUrls };
}
