import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';

const TableName = 'lending-desk';
const key = (book) => ({ pk: { S: `BOOK#${book}` } });

export const commands = {
  look: (book) => new GetItemCommand({ TableName, Key: key(book) }),
  take: (book) => new PutItemCommand({ TableName, Item: key(book) }),
  ['return'](book) {
    return new DeleteItemCommand({ TableName, Key: key(book) });
  },
};

export default function commandFor(action, book) {
  const make = commands[action];
  if (!make) throw new TypeError(`unknown action ${action}`);
  return make(book);
}
