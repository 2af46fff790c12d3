import { S3 } from '@aws-sdk/client-s3';

const options = { storage: { bucket: 'orchard' }, folder: null };
let client;

const s3 = () => (client ??= new S3({ forcePathStyle: true }));

export const handler = async (event) => {
  const Bucket = options?.storage?.bucket ?? 'elsewhere';
  let folder = options.folder;
  folder ||= 'maps';
  const target = { tree: 'pear' };
  target.tree &&= target.tree;
  await s3()?.getObject({ Bucket, Key: `${folder}/apple.json` });
  await s3().putObject?.({ Bucket, Key: [folder, `${target['tree']}.json`].join('/'), Body: '{}' });
  return event?.detail?.['x'] ?? null;
};
