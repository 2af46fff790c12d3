import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

const secrets = new SecretsManagerClient({});
const cache = new Map<string, { value: string; expires: number }>();

async function secret(id: string, ttl = 60_000): Promise<string> {
  const hit = cache.get(id);
  if (hit && hit.expires > Date.now()) {
    return hit.value;
  }
  const { SecretString: value = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: id }));
  cache.set(id, { value, expires: Date.now() + ttl });
  return value;
}

export const handler = async (event: { rotate?: boolean }): Promise<boolean> => {
  const credentials: { user: string; password: string } = JSON.parse(await secret('warehouse/database'));
  const token = await secret('warehouse/partner-token', 5_000);
  if (event.rotate) {
    await secrets.send(
      new PutSecretValueCommand({
        SecretId: 'warehouse/partner-token',
        SecretString: token.split('').reverse().join(''),
      }),
    );
  }
  return credentials.user.length > 0;
};
