const AWS = require("aws-sdk");

const documents = new AWS.DynamoDB.DocumentClient();
const s3 = new AWS.S3();

exports.handler = async (event) => {
  const { Item } = await documents.get({ TableName: "orders", Key: { id: event.id } }).promise();
  await s3.putObject({ Bucket: "receipts", Key: `${event.id}.json`, Body: JSON.stringify(Item) }).promise();
};
