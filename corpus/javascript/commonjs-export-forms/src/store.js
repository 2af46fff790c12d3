'use strict';

const { GetItemCommand } = require('@aws-sdk/client-dynamodb');
const { PutObjectCommand } = require('@aws-sdk/client-s3');
const clients = require('./clients');
const { bucket, tables } = require('./config');

async function loadInvoice(id) {
  const { Item } = await clients.dynamodb.send(
    new GetItemCommand({ TableName: tables.invoices, Key: { id: { S: id } } }),
  );
  return Item;
}

const savePdf = (id, Body) =>
  clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: `pdf/${id}.pdf`, Body }));

module.exports = { loadInvoice, savePdf };
