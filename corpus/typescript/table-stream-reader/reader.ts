import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';

const streams = new DynamoDBStreamsClient({});

const streamOf = async (table: string): Promise<string> => {
  const { Table } = await new DynamoDBClient({}).send(new DescribeTableCommand({ TableName: table }));
  return Table!.LatestStreamArn!;
};

const read = async (StreamArn: string, shard: Shard): Promise<number> => {
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId: shard.ShardId, ShardIteratorType: 'LATEST' }),
  );
  const { Records } = await streams.send(new GetRecordsCommand({ ShardIterator, Limit: 100 }));
  return Records?.length ?? 0;
};

export const main = async (): Promise<number[]> => {
  const StreamArn = await streamOf('bookings');
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  return Promise.all((StreamDescription?.Shards ?? []).map((shard) => read(StreamArn, shard)));
};
