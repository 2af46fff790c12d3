import { Kinesis } from '@aws-sdk/client-kinesis';

const kinesis = new Kinesis({});

export const write = (gate) =>
  kinesis.putRecord({ StreamName: 'turnstile', PartitionKey: gate, Data: Buffer.from(gate) });
