const { promisify } = require('util');
const AWS = require('aws-sdk');

const s3 = new AWS.S3();
const kms = new AWS.KMS();

const getObject = promisify(s3.getObject.bind(s3));
const listObjects = promisify(s3.listObjects).bind(s3);
const Bucket = 'tide-tables';

const decrypt = (blob) =>
  promisify(kms.decrypt).call(kms, {
    CiphertextBlob: blob,
    KeyId: 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555',
  });

exports.handler = async (event) => {
  if (event && event.blob) return decrypt(Buffer.from(event.blob, 'base64'));
  const object = await getObject({ Bucket, Key: '2026.json' });
  const listing = await listObjects.apply(null, [{ Bucket }]);
  return [object.ContentLength, listing.Contents.length];
};
