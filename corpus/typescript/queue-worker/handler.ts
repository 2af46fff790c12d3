import { Worker } from './worker';

const QUEUE_URL =
  process.env.QUEUE_URL ?? 'https://sqs.eu-west-1.amazonaws.com/123456789012/parcel-tracking';

const worker = new Worker(QUEUE_URL);

export const handler = () => worker.poll();
