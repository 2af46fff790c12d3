import { DeleteParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

const client = new SSMClient({});

export const remove = async (runner: string): Promise<void> => {
  await client.send(new DeleteParameterCommand({ Name: `/runners/${runner}` }));
};
