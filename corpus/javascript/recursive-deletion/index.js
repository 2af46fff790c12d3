const { S3 } = require('@aws-sdk/client-s3');

const s3 = new S3({ forcePathStyle: true });
const Bucket = 'compost';

async function clear(Prefix, token) {
  const page = await s3.listObjectsV2({ Bucket, Prefix, ContinuationToken: token });
  const Objects = (page.Contents || []).map(({ Key }) => ({ Key }));
  if (Objects.length > 0) {
    await s3.deleteObjects({ Bucket, Delete: { Objects } });
  }
  return page.IsTruncated ? clear(Prefix, page.NextContinuationToken) : Objects.length;
}

exports.handler = () => clear('old/');
