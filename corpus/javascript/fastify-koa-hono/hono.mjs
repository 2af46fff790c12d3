import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { queue } from './queue.js';

const app = new Hono();
app.post('/jobs', async (c) => {
  await queue('hono')(await c.req.json());
  return c.body(null, 202);
});

export const handler = handle(app);
