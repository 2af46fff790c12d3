'use strict';

const { SecretsManagerClient, GetSecretValueCommand } = require('@aws-sdk/client-secrets-manager');
const { EventBridgeClient, PutEventsCommand } = require('@aws-sdk/client-eventbridge');

const secrets = new SecretsManagerClient({});
const events = new EventBridgeClient({});

// No bus is named: the entry goes to the default bus of the account.
function put(tenant, body) {
  const command = new PutEventsCommand({
    Entries: [{ Source: `clicks.${tenant}`, DetailType: 'Click', Detail: JSON.stringify(body) }],
  });
  return events.send(command);
}

module.exports = {
  handler(event) {
    return secrets
      .send(new GetSecretValueCommand({ SecretId: 'click-signing-key' }))
      .then(({ SecretString }) => ({ ...event.click, signature: SecretString.slice(0, 4) }))
      .then((signed) => put(event.tenant, signed))
      .then(({ Entries }) => Entries.map(({ EventId }) => EventId))
      .catch((error) => {
        console.error(error);
        return Promise.reject(error);
      });
  },
};
