'use strict';

const sdk = require('@aws-sdk/client-dynamodb');
const client = new sdk.DynamoDBClient({});

exports.handler = async function ({ white, black }) {
  const players = [];
  for (const read of readers(white, black)) players.push(await read());
  await on.games.put({ id: { S: `${white}-${black}` } });
  await rate.call({ table: 'chess-players' }, white, 10);
  await drop.apply(null, ['chess-drafts', white]);
  return players.length;
};

function* readers(...ids) {
  const read = get('chess-players');
  for (const id of ids) yield read.bind(null, id);
}

const get = (TableName) => (id) => send('GetItem', { TableName, Key: { id: { S: id } } });

const on = Object.fromEntries(
  ['games', 'drafts'].map((kind) => [
    kind,
    { put: (Item) => send('PutItem', { TableName: 'chess-' + kind, Item }) },
  ]),
);

function rate(player, points) {
  return send('UpdateItem', {
    TableName: this.table,
    Key: { id: { S: player } },
    UpdateExpression: 'ADD points :p',
    ExpressionAttributeValues: { ':p': { N: `${points}` } },
  });
}

const drop = function remove(TableName, id) {
  return send('DeleteItem', { TableName, Key: { id: { S: id } } });
};

function send(operation, input) {
  return client.send(new sdk[`${operation}Command`](input));
}
