import * as sqs from '@aws-sdk/client-sqs';

const Counting = (Base) =>
  class extends Base {
    async count() {
      const { Attributes } = await this.send(sqs.GetQueueAttributesCommand, {
        AttributeNames: ['ApproximateNumberOfMessages'],
      });
      return Number(Attributes.ApproximateNumberOfMessages);
    }
  };

class Queue {
  #client = new sqs.SQSClient({});
  account = '123456789012';

  static named(name) {
    return new this(name);
  }

  constructor(name) {
    this.name = name;
  }

  get url() {
    return `https://sqs.us-east-1.amazonaws.com/${this.account}/${this.name}`;
  }

  send(Command, input) {
    return this.#client.send(new Command({ QueueUrl: this.url, ...input }));
  }
}

class JobQueue extends Counting(Queue) {
  constructor(kind) {
    super(`${kind}-jobs`);
  }

  add(body) {
    return super.send(sqs.SendMessageCommand, { MessageBody: body });
  }

  async *[Symbol.asyncIterator]() {
    const { Messages = [] } = await this.send(sqs.ReceiveMessageCommand, { MaxNumberOfMessages: 2 });
    for (const message of Messages) {
      yield message.Body;
      await this.#remove(message);
    }
  }

  #remove({ ReceiptHandle }) {
    return this.send(sqs.DeleteMessageCommand, { ReceiptHandle });
  }
}

export async function handler() {
  const queue = JobQueue.named('kiln');
  await queue.add('fire');
  for await (const body of queue) console.log(body);
  return queue.count();
}
