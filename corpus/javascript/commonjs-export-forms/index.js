'use strict';

const render = require('./src/render');
const store = require('./src/store.js');

exports.handler = async function handler(event) {
  const invoice = await store.loadInvoice(event.id);
  await store.savePdf(event.id, Buffer.from(render(invoice)));
};
