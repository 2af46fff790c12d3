'use strict';

/** `client` is handed in by whoever wires the application together; no type says what it is. */
async function reserve(client, sku) {
  await client.updateItem({
    TableName: 'warehouse-stock',
    Key: { sku: { S: sku } },
    UpdateExpression: 'SET reserved = reserved + :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  });
}

module.exports = { reserve };
