const { GetObjectCommand, PutObjectCommand, S3Client } = require('@aws-sdk/client-s3');

const s3 = new S3Client({});

const copy = async ({ bucket, object }) => {
  const from = { Bucket: bucket.name, Key: decodeURIComponent(object.key) };
  const scan = await s3.send(new GetObjectCommand(from));
  const Body = (await scan.Body.transformToString()).trim();
  await s3.send(new PutObjectCommand({ Bucket: 'scan-texts', Key: from.Key, Body }));
};

exports.handler = async (event) => {
  await Promise.all(event.Records.map((record) => copy(record.s3)));
};
