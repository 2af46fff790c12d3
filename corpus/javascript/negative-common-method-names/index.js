const fs = require('fs');
const { copyFile } = require('fs/promises');
const axios = require('axios');
const Redis = require('ioredis');
const { Pool } = require('pg');
const Bull = require('bull');
const { DynamoDB } = require('@aws-sdk/client-dynamodb');

const redis = new Redis(process.env.REDIS_URL);
const pool = new Pool();
const jobs = new Bull('jobs');
const api = axios.create({ baseURL: 'https://api.example' });
const dynamodb = new DynamoDB({});
const seen = new Map();

exports.handler = async (event) => {
  const cached = await redis.get(event.id);
  if (cached) return JSON.parse(cached);
  await redis.publish('inbox', event.id);
  const { rows } = await pool.query('SELECT * FROM inbox WHERE id = $1', [event.id]);
  const response = await api.put('/inbox', { TableName: 'not-a-table', Item: rows[0] });
  await api.delete(`/inbox/${event.id}`);
  await jobs.add('send', { id: event.id });
  seen.set(event.id, response.data);
  seen.delete(event.id);
  fs.copyFile('/tmp/a', '/tmp/b', () => {});
  await copyFile('/tmp/b', '/tmp/c');
  fs.createReadStream('/tmp/c').on('data', () => {}).pipe(fs.createWriteStream('/tmp/d'));
  await dynamodb.putItem({ TableName: 'inbox', Item: { id: { S: event.id } } });
};
