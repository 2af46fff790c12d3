const { handler } = require('./app');

const event = { Records: [{ s3: { bucket: { name: 'sample-scans' }, object: { key: 'form.txt' } } }] };

handler(event).catch(console.error);
