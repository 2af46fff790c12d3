'use strict';

const { DynamoDBClient, TransactWriteItemsCommand } = require('@aws-sdk/client-dynamodb');

const client = new DynamoDBClient({});
const TABLE = 'park-passes';

/** An entry of the audit trail in the wire format of DynamoDB, as deep as such entries get. */
function auditEntry(by, status) {
  return { L: [{ M: { by: { M: { user: { S: by }, roles: { L: [{ M: { name: { S: 'staff' } } }] } } }, status: { S: status } } }] };
}

exports.handler = async (event) => {
  const transaction = { TransactItems: [] };

  const cancelled = {
    TableName: TABLE,
    Key: { pk: { S: `pass::${event.park}` }, sk: { S: event.pass } },
    UpdateExpression: 'SET audit = list_append(if_not_exists(audit, :none), :entry)',
    ExpressionAttributeValues: { ':none': { L: [] }, ':entry': auditEntry(event.user, 'cancelled') },
  };
  transaction.TransactItems.push({ Update: cancelled });
  transaction.TransactItems.push({
    Delete: { TableName: TABLE, Key: { pk: { S: 'hold' }, sk: { S: event.pass } } },
  });

  await client.send(new TransactWriteItemsCommand(transaction));
};
