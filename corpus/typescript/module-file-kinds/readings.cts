import sdk = require('@aws-sdk/client-ssm');

const client = new sdk.SSMClient({});

export const writeReading = (value: number) =>
  client.send(
    new sdk.PutParameterCommand({
      Name: '/greenhouse/reading',
      Value: String(value),
      Type: 'String',
      Overwrite: true,
    }),
  );
