import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';

const NAMES = ['/billing/currency', '/billing/vat-rate'] as const;

export type Configuration = Record<(typeof NAMES)[number], string>;

export async function loadConfiguration(ssm: SSMClient): Promise<Configuration> {
  const { Parameters = [], InvalidParameters = [] } = await ssm.send(
    new GetParametersCommand({ Names: [...NAMES], WithDecryption: true }),
  );
  if (InvalidParameters.length > 0) {
    throw new Error(`missing parameters: ${InvalidParameters.join(', ')}`);
  }
  return Object.fromEntries(Parameters.map(({ Name, Value }) => [Name, Value])) as Configuration;
}
