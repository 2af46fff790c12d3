import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const STAGE = 'prod';
const BUCKET = `media-${STAGE}`;

const s3 = new S3Client({});

const keyOf = (user, file) => `users/${user}/originals/${file}`;

export const handler = async ({ user, file }) => {
  const Key = keyOf(user, file);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  const picture = await Body.transformToByteArray();
  await s3.send(
    new PutObjectCommand({
      Bucket: BUCKET,
      Key: 'users/' + user + '/thumbnails/' + file.replace('.jpg', '.webp'),
      Body: picture.slice(0, 1024),
    }),
  );
};
