'use strict';

const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const {
  DynamoDBDocumentClient,
  TransactGetCommand,
  TransactWriteCommand,
} = require('@aws-sdk/lib-dynamodb');

const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** Books a seat: the customer must exist, the seat count goes down, the booking appears. */
async function book({ bookingId, customerId, showId }) {
  await db.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          ConditionCheck: {
            TableName: 'theatre-customers',
            Key: { id: customerId },
            ConditionExpression: 'attribute_exists(id)',
          },
        },
        {
          Update: {
            TableName: 'theatre-shows',
            Key: { id: showId },
            UpdateExpression: 'SET seats = seats - :one',
            ConditionExpression: 'seats >= :one',
            ExpressionAttributeValues: { ':one': 1 },
          },
        },
        { Put: { TableName: 'theatre-bookings', Item: { id: bookingId, customerId, showId } } },
      ],
    }),
  );
}

exports.handler = async (event) => {
  await book(event);
  const { Responses } = await db.send(
    new TransactGetCommand({
      TransactItems: [
        { Get: { TableName: 'theatre-shows', Key: { id: event.showId } } },
        { Get: { TableName: 'theatre-bookings', Key: { id: event.bookingId } } },
      ],
    }),
  );
  return Responses.map(({ Item }) => Item);
};
