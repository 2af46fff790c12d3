'use strict';

const { DeviceRepository, OwnerRepository } = require('./repositories.js');

const devices = new DeviceRepository();
const owners = new OwnerRepository();

module.exports.handler = async (event) => {
  const { Item: device } = await devices.find(event.deviceId);
  const owner = await owners.ownerOf(device);
  await devices.store({ ...device, ownerName: owner.name });
  return owner.name.S;
};
