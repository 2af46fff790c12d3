const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, GetCommand, UpdateCommand } = require("@aws-sdk/lib-dynamodb");
const { KinesisClient, PutRecordCommand } = require("@aws-sdk/client-kinesis");
const { SFNClient, StartExecutionCommand } = require("@aws-sdk/client-sfn");
const { STSClient, AssumeRoleCommand } = require("@aws-sdk/client-sts");

const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const kinesis = new KinesisClient({});
const sfn = new SFNClient({});
const sts = new STSClient({});

exports.handler = async (event) => {
  await db.send(new GetCommand({ TableName: process.env.TABLE, Key: { id: event.id } }));
  await db.send(new UpdateCommand({ TableName: process.env.TABLE, Key: { id: event.id } }));
  await kinesis.send(new PutRecordCommand({ StreamName: "clicks", PartitionKey: "1", Data: Buffer.from("") }));
  await sfn.send(
    new StartExecutionCommand({ stateMachineArn: "arn:aws:states:eu-west-1:111122223333:stateMachine:report" }),
  );
  await sts.send(new AssumeRoleCommand({ RoleArn: "arn:aws:iam::444455556666:role/reader", RoleSessionName: "x" }));
};
