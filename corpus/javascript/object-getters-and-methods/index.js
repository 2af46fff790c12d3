const { DynamoDB } = require('@aws-sdk/client-dynamodb');

const settings = {
  stage: 'dev',
  get prefix() {
    return `loom-${this.stage}`;
  },
};

const store = {
  client: new DynamoDB({}),
  get table() {
    return settings.prefix + '-threads';
  },
  put(id) {
    return this.client.putItem({ TableName: this.table, Item: { id: { S: id } } });
  },
  ['get' + 'One'](id) {
    return this.client.getItem({ TableName: this.table, Key: { id: { S: id } } });
  },
};

exports.handler = async () => {
  await store.put('warp');
  return store.getOne('warp');
};
