import { DynamoDB } from '@aws-sdk/client-dynamodb';

export let client;
export let table;

export function connect(stage) {
  client = new DynamoDB({});
  table = `tides-${stage}`;
}
