import { Worker } from './worker';

const worker = new Worker('https://sqs.eu-west-1.amazonaws.com/123456789012/parcel-tracking');

export const handler = () => worker.poll();
