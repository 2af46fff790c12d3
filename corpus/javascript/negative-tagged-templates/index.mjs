import { SecretsManager } from '@aws-sdk/client-secrets-manager';

const secrets = new SecretsManager({});

export const secret = async () => {
  const { SecretString } = await secrets.getSecretValue({ SecretId: 'warehouse' });
  return JSON.parse(SecretString);
};

export async function crates(sql, shelf) {
  const table = 'crates';
  return sql`SELECT * FROM ${sql(table)} WHERE shelf = ${shelf}`;
}

export const style = (css) => css`
  .getObject { content: 's3.putObject({ Bucket: "x" })'; }
`;
