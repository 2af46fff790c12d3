import { S3Client, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';

const s3 = new S3Client({});
const dynamodb = new DynamoDBClient({});

async function storedBytes() {
  let total = 0;
  const pages = paginateListObjectsV2({ client: s3, pageSize: 500 }, { Bucket: 'customer-exports' });
  for await (const page of pages) {
    for (const object of page.Contents ?? []) {
      total += object.Size;
    }
  }
  return total;
}

async function* customers() {
  for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: 'customers' })) {
    yield* Items;
  }
}

export async function handler() {
  let count = 0;
  for await (const customer of customers()) {
    count += customer.active?.BOOL ? 1 : 0;
  }
  return { bytes: await storedBytes(), activeCustomers: count };
}
