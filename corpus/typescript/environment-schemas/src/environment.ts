import { cleanEnv, str, url } from 'envalid';
import env from 'env-var';
import { z } from 'zod';

const schema = z.object({
  PHOTO_BUCKET: z.string().min(3),
  TABLE: z.string().default('toys'),
  STAGE: z.enum(['dev', 'live']).optional(),
});

export const environment = schema.parse(process.env);

export const queue = cleanEnv(process.env, {
  QUEUE_URL: url({ default: 'https://sqs.eu-west-1.amazonaws.com/123456789012/toys-dev' }),
  NODE_ENV: str({ choices: ['test', 'production'] }),
});

export const topic = env.get('TOPIC_ARN').required().asString();
