import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";

const { BUCKET, OTHER, TOPIC, SECRET } = process.env;

export const handler = async (event) => {
  const s3 = new S3Client({});
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "a" }));
  await s3.send(new PutObjectCommand({ Bucket: OTHER, Key: "b" }));
  await new SNSClient({}).send(new PublishCommand({ TopicArn: TOPIC, Message: "x" }));
  await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: SECRET }));
};
