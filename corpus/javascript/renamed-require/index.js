'use strict';

const { SecretsManagerClient: Client, GetSecretValueCommand: GetSecret } = require('@aws-sdk/client-secrets-manager');
const ssm = require('@aws-sdk/client-ssm');

const secrets = new Client({});
const parameters = new ssm.SSMClient({});

let cached;

async function loadConfiguration() {
  if (cached) {
    return cached;
  }
  const secret = await secrets.send(new GetSecret({ SecretId: 'payments/stripe' }));
  const { Parameter } = await parameters.send(
    new ssm.GetParameterCommand({ Name: '/payments/webhook-tolerance' }),
  );
  cached = { apiKey: JSON.parse(secret.SecretString).apiKey, tolerance: Number(Parameter.Value) };
  return cached;
}

exports.handler = async (event) => {
  const configuration = await loadConfiguration();
  const age = Date.now() / 1000 - event.timestamp;
  return { accepted: age < configuration.tolerance && configuration.apiKey.length > 0 };
};
