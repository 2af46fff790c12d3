const { DynamoDBClient, PutItemCommand, DeleteItemCommand } = require("@aws-sdk/client-dynamodb");

class Visits {
  constructor(client) {
    this.client = client;
  }

  async count(event) {
    await this.client.send(
      new PutItemCommand({ TableName: "visits", Item: { id: { S: event.id } } })
    );
  }

  async forget(event) {
    await this.client.send(
      new DeleteItemCommand({ TableName: "visits", Key: { id: { S: event.id } } })
    );
  }
}

const visits = new Visits(new DynamoDBClient({}));

module.exports = {
  count: visits.count.bind(visits),
  forget: (event) => visits.forget(event),
};
