const { EventEmitter } = require('events');
const { setTimeout: wait } = require('timers/promises');
const { S3 } = require('@aws-sdk/client-s3');
const { EventBridge } = require('@aws-sdk/client-eventbridge');

const s3 = new S3({ forcePathStyle: true });
const events = new EventBridge({});
const Bucket = 'radio-shows';
const bus = new EventEmitter();
const pending = [];

bus.on('merged', (size) => {
  const entry = { EventBusName: 'radio', Source: 'radio', DetailType: 'merged', Detail: `{"size":${size}}` };
  pending.push(events.putEvents({ Entries: [entry] }));
});

const read = async (Key) => {
  const { Body } = await s3.getObject({ Bucket, Key });
  return Body.transformToByteArray();
};

exports.handler = async ({ parts }) => {
  const settled = await Promise.allSettled(parts.map((part) => read('parts/' + part)));
  const bodies = settled.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
  const merged = Buffer.concat(bodies);
  await s3.putObject({ Bucket, Key: 'merged/all.mp3', Body: merged });
  await parts.reduce(
    (before, part) => before.then(() => s3.deleteObject({ Bucket, Key: `parts/${part}` })),
    Promise.resolve(),
  );
  bus.emit('merged', merged.length);
  await wait(1);
  await Promise.all(pending);
};
