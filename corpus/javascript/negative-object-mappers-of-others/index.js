// aws-sdk is named here and not used.
const mongoose = require('mongoose');
const { Sequelize, DataTypes } = require('sequelize');
const NodeCache = require('node-cache');

const Ticket = mongoose.model('Ticket', new mongoose.Schema({ id: String }));
const sequelize = new Sequelize('sqlite::memory:');
const Seat = sequelize.define('Seat', { id: DataTypes.STRING });
const cache = new NodeCache();

exports.handler = async ({ id }) => {
  cache.set(id, 1);
  cache.get(id);
  await Ticket.create({ id });
  await Ticket.updateOne({ id }, { id });
  await Seat.update({ id }, { where: { id } });
  await sequelize.query('SELECT 1');
  return Ticket.find({ TableName: id });
};
