import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';

const RETRY_SECONDS = 30;

export class Worker {
  private readonly sqs = new SQSClient({});
  private handled: Message[] = [];

  constructor(private readonly queueUrl: string) {}

  async poll(): Promise<number> {
    const { Messages: messages } = await this.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: this.queueUrl, MaxNumberOfMessages: 10 }),
    );
    for (const message of messages ?? []) {
      await this.handle(message);
    }
    return this.acknowledge();
  }

  private async handle(message: Message): Promise<void> {
    if (message.Body?.startsWith('{')) {
      this.handled.push(message);
      return;
    }
    await this.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: this.queueUrl,
        ReceiptHandle: message.ReceiptHandle,
        VisibilityTimeout: RETRY_SECONDS,
      }),
    );
  }

  private async acknowledge(): Promise<number> {
    const Entries = this.handled.map((message, index) => ({
      Id: String(index),
      ReceiptHandle: message.ReceiptHandle,
    }));
    if (Entries.length > 0) {
      await this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.queueUrl, Entries }));
    }
    return Entries.length;
  }
}
