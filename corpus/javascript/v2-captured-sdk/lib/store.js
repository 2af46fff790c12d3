const AWS = require('./aws');

const documents = new AWS.DynamoDB.DocumentClient({ params: { TableName: 'itineraries' } });

exports.byId = (id) =>
  documents
    .query({ KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': id } })
    .promise()
    .then(({ Items }) => Items);

exports.byTraveller = async function (traveller) {
  const { Items } = await documents
    .query({
      IndexName: 'by-traveller',
      KeyConditionExpression: 'traveller = :t',
      ExpressionAttributeValues: { ':t': traveller },
    })
    .promise();
  return Items;
};
