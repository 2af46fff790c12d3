export const announce = (text: string) =>
  import('@aws-sdk/client-sns').then(({ SNS }) =>
    new SNS({}).publish({ TopicArn: 'arn:aws:sns:us-east-1:123456789012:rare-maps', Message: text }),
  );
