import { Kinesis } from '@aws-sdk/client-kinesis';

const kinesis = new Kinesis({});
const StreamName = 'tides';

async function drain(shardId) {
  const start = await kinesis.getShardIterator({
    StreamName,
    ShardId: shardId,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  let iterator = start.ShardIterator;
  for (let page = 0; iterator && page < 2; page += 1) {
    const { Records, NextShardIterator } = await kinesis.getRecords({ ShardIterator: iterator });
    Records.forEach((record) => console.log(Buffer.from(record.Data).toString()));
    iterator = NextShardIterator;
  }
}

const { Shards } = await kinesis.listShards({ StreamName });
for (const shard of Shards) await drain(shard.ShardId);
