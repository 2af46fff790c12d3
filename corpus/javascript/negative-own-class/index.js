'use strict';

const { SQSClient, ReceiveMessageCommand } = require('@aws-sdk/client-sqs');

/** An in-memory stand-in with the same method names as the real service. */
class MemoryTable {
  constructor(TableName) {
    this.TableName = TableName;
    this.items = new Map();
  }

  putItem({ Item }) {
    this.items.set(Item.id, Item);
  }

  getItem({ Key }) {
    return { Item: this.items.get(Key.id) };
  }

  send(command) {
    return command.run(this);
  }
}

class DeleteItemCommand {
  constructor(input) {
    this.input = input;
  }

  run(table) {
    return table.items.delete(this.input.Key.id);
  }
}

const table = new MemoryTable('sessions');
const sqs = new SQSClient({});

exports.handler = async () => {
  table.putItem({ TableName: 'sessions', Item: { id: 'a' } });
  const found = table.getItem({ TableName: 'sessions', Key: { id: 'a' } });
  table.send(new DeleteItemCommand({ TableName: 'sessions', Key: { id: 'a' } }));
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/session-events',
    }),
  );
  return { found, messages: Messages };
};
