require('dotenv').config({ path: '.env.local' });
const convict = require('convict');

const schema = convict({
  bell: {
    topic: {
      doc: 'Where finished dishes are announced',
      format: String,
      default: 'arn:aws:sns:eu-west-1:123456789012:kitchen-bell',
      env: 'BELL_TOPIC',
    },
  },
});
schema.validate({ allowed: 'strict' });

module.exports = { table: process.env.JOB_TABLE, topic: schema.get('bell.topic') };
