import { SQSClient, type Message } from '@aws-sdk/client-sqs';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { Consumer } from 'sqs-consumer';
import { Producer } from 'sqs-producer';

const base = 'https://sqs.eu-west-1.amazonaws.com/123456789012';
const sqs = new SQSClient({ region: 'eu-west-1' });
const dynamodb = new DynamoDBClient({});
const replies = Producer.create({ queueUrl: `${base}/replies`, sqs });

async function work(messages: Message[]): Promise<Message[]> {
  for (const message of messages) {
    await dynamodb.send(
      new PutItemCommand({ TableName: 'letters', Item: { id: { S: message.MessageId! } } }),
    );
    await replies.send({ id: message.MessageId!, body: 'thank you' });
  }
  return messages;
}

const consumer = Consumer.create({
  queueUrl: `${base}/letters`,
  sqs,
  batchSize: 10,
  heartbeatInterval: 20,
  visibilityTimeout: 60,
  handleMessageBatch: work,
});

consumer.on('error', (error) => console.error(error.message));
consumer.start();
