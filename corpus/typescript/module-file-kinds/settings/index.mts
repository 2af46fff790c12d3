import { ssm, nameOf } from '../shared/index.mjs';

export const readTarget = async (): Promise<string> => {
  const { Parameter } = await ssm.getParameter({ Name: nameOf('target') });
  return Parameter?.Value ?? '20';
};
