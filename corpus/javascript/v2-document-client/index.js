'use strict';

var AWS = require('aws-sdk');

AWS.config.update({ maxRetries: 3 });

var dynamo = new AWS.DynamoDB.DocumentClient();

function GameStore(table) {
  this.table = table;
}

GameStore.prototype.load = function (id) {
  return dynamo.get({ TableName: this.table, Key: { id: id } }).promise();
};

GameStore.prototype.save = function (game) {
  return dynamo.put({ TableName: this.table, Item: game }).promise();
};

GameStore.prototype.top = function (board) {
  return dynamo
    .query({
      TableName: this.table,
      IndexName: 'score-index',
      KeyConditionExpression: '#board = :board',
      ExpressionAttributeNames: { '#board': 'board' },
      ExpressionAttributeValues: { ':board': board },
      ScanIndexForward: false,
      Limit: 10,
    })
    .promise();
};

var store = new GameStore('arcade-games');

exports.handler = function (event) {
  return store
    .load(event.id)
    .then(function (found) {
      var game = Object.assign({ id: event.id, score: 0 }, found.Item);
      game.score = Math.max(game.score, event.score);
      return store.save(game);
    })
    .then(function () {
      return store.top(event.board);
    });
};
