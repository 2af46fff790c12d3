import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { clients, enqueue, subscribers } from './aws/index.js';

export const handler = async () => {
  const { Table } = await clients.database.send(
    new DescribeTableCommand({ TableName: 'newsletter-readers' }),
  );
  let sent = 0;
  for await (const reader of subscribers()) {
    await enqueue(reader.email.S);
    sent += 1;
  }
  return { sent, estimate: Table.ItemCount };
};
