'use strict';

const { DynamoDBClient, GetItemCommand, PutItemCommand } = require('@aws-sdk/client-dynamodb');

class Repository {
  #client = new DynamoDBClient({});

  constructor(tableName) {
    this.tableName = tableName;
  }

  find(id) {
    return this.#client.send(new GetItemCommand({ TableName: this.tableName, Key: { id: { S: id } } }));
  }

  store(item) {
    return this.#client.send(new PutItemCommand({ TableName: this.tableName, Item: item }));
  }
}

class DeviceRepository extends Repository {
  constructor() {
    super('iot-devices');
  }
}

class OwnerRepository extends Repository {
  static table = 'iot-owners';

  constructor() {
    super(OwnerRepository.table);
  }

  async ownerOf(device) {
    const { Item } = await super.find(device.owner.S);
    return Item;
  }
}

module.exports = { DeviceRepository, OwnerRepository };
