'use strict';

const knex = require('knex')({ client: 'pg', connection: process.env.DATABASE_URL });
const { Pool } = require('pg');
const { DynamoDBDocumentClient, GetCommand } = require('@aws-sdk/lib-dynamodb');
const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');

const pool = new Pool();
const sessions = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handler = async (event) => {
  const { Item: session } = await sessions.send(
    new GetCommand({ TableName: 'web-sessions', Key: { id: event.session } }),
  );
  const orders = await knex('orders').select('*').where({ customer: session.customer });
  const totals = await pool.query('SELECT sum(total) FROM orders WHERE customer = $1', [
    session.customer,
  ]);
  await knex.transaction(async (trx) => {
    await trx('visits').insert({ customer: session.customer });
    await trx.batchInsert('lines', orders, 30);
  });
  return { orders, total: totals.rows[0].sum };
};
