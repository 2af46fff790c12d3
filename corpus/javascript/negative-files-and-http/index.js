'use strict';

const axios = require('axios');
const fs = require('node:fs');
const path = require('node:path');

const api = axios.create({ baseURL: 'https://api.example.com' });

/** Nothing here talks to AWS although most method names exist there too. */
exports.handler = async (event) => {
  const { data } = await api.get(`/objects/${event.id}`);
  const target = path.join('/tmp', 'object.json');
  fs.writeFileSync(target, JSON.stringify(data));
  await fs.promises.copyFile(target, `${target}.bak`);
  await api.put('/objects', { Bucket: 'not-a-bucket', Key: 'not-a-key' });
  await api.delete(`/objects/${event.id}`);
  const response = await fetch('https://api.example.com/publish', { method: 'POST' });
  return { published: response.ok };
};
