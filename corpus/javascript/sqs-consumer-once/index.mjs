import { Consumer } from 'sqs-consumer';

const consumer = Consumer.create({
  queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/door-events',
  region: 'us-east-1',
  waitTimeSeconds: 0,
  handleMessage: async (message) => {
    console.log(message.Body);
    return message;
  },
});

const done = new Promise((resolve) => consumer.once('empty', resolve));
consumer.start();
await done;
consumer.stop();
