import middy from '@middy/core';
import secretsManager from '@middy/secrets-manager';
import ssm from '@middy/ssm';
import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';

const s3 = new S3Client({ forcePathStyle: true });

const rules = async (event, context) => {
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: 'library-rules', Key: 'house.txt' }),
  );
  return { fee: context.fee, rules: await Body.transformToString() };
};

export const handler = middy()
  .use(ssm({ fetchData: { fee: '/library/fee', rooms: '/library/rooms/' }, setToContext: true }))
  .use(secretsManager({ fetchData: { token: 'library/catalogue' }, disablePrefetch: true }))
  .handler(rules);
