'use strict';

const { S3 } = require('@aws-sdk/client-s3');
const { SecretsManagerClient, GetSecretValueCommand } = require('@aws-sdk/client-secrets-manager');

const s3 = new S3({});
const secrets = new SecretsManagerClient({});

const getObject = s3.getObject.bind(s3);
const send = secrets.send.bind(secrets);

const retrieve = async (operation, input) => operation(input);

exports.handler = async () => {
  const { Body } = await retrieve(getObject, { Bucket: 'licence-files', Key: 'current.txt' });
  const licence = await Body.transformToString();
  const { SecretString } = await send(new GetSecretValueCommand({ SecretId: 'licence-key' }));
  return licence.includes(SecretString);
};
