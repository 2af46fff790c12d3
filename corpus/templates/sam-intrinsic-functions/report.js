const { PutObjectCommand, S3Client } = require("@aws-sdk/client-s3");
const { PublishCommand, SNSClient } = require("@aws-sdk/client-sns");
const { SendMessageCommand, SQSClient } = require("@aws-sdk/client-sqs");
const { GetSecretValueCommand, SecretsManagerClient } = require("@aws-sdk/client-secrets-manager");

const { BUCKET, PREFIX, SUFFIX, QUEUE_URL, TOPIC, SECRET } = process.env;

exports.handler = async () => {
  await new S3Client({}).send(
    new PutObjectCommand({ Bucket: BUCKET, Key: `${PREFIX}/${SUFFIX}.pdf` })
  );
  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody: "x" }));
  await new SNSClient({}).send(new PublishCommand({ TopicArn: TOPIC, Message: "x" }));
  await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: SECRET }));
};
