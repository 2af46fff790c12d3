import { S3Client, CopyObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';

const s3 = new S3Client({});

const archive = async ({ source = 'inbox', target = 'archive-store', key }) => {
  const { ContentLength: size } = await s3.send(
    new HeadObjectCommand({ Bucket: source, Key: key }),
  );
  if (size === 0) {
    return false;
  }
  await s3.send(
    new CopyObjectCommand({ Bucket: target, Key: key, CopySource: `${source}/${key}` }),
  );
  return true;
};

const [welcome, yearly] = ['letters/welcome.txt', 'letters/2024.txt'];

export const handler = async () => {
  const first = await archive({ source: 'mail-inbox', key: welcome });
  const copied = await archive({ source: 'mail-inbox', target: 'mail-archive', key: yearly });
  return { first, copied };
};
