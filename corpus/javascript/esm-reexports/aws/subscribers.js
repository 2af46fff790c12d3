import { paginateScan } from '@aws-sdk/client-dynamodb';
import { database } from './clients.js';

export async function* subscribers() {
  for await (const page of paginateScan({ client: database }, { TableName: 'newsletter-readers' })) {
    yield* page.Items ?? [];
  }
}
