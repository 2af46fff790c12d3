import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { Jobs, Plans, Register } from './clients';

const plans = new Plans('moorings');
const jobs = new Jobs({});
const register = new Register({ region: 'us-east-1', endpoint: process.env.AWS_ENDPOINT_URL });

export const handler = async (event: { plan: string }): Promise<void> => {
  await plans.keep(event.plan, '{}');
  await plans.send(new DeleteObjectCommand({ Bucket: 'moorings', Key: 'plans/old' }));
  await jobs.push(event.plan);
  await jobs.clear();
  await register.note(event.plan);
};
