import { DeleteMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const sqs = new SQSClient({});

export abstract class Job<T> {
  protected abstract readonly queue: string;

  protected abstract work(input: T): Promise<void>;

  async run(input: T, ReceiptHandle: string): Promise<void> {
    await this.work(input);
    const QueueUrl = `https://sqs.us-east-1.amazonaws.com/123456789012/${this.queue}`;
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
}
