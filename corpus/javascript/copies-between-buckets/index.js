const { CopyObjectCommand, S3Client } = require('@aws-sdk/client-s3');

const s3 = new S3Client({ forcePathStyle: true });
const buckets = { archive: 'museum-archive', public: 'museum-public' };

exports.handler = async ({ id }) => {
  const Key = `paintings/${id}.tif`;
  await s3.send(
    new CopyObjectCommand({
      Bucket: buckets.public,
      Key,
      CopySource: encodeURI('/' + buckets.archive + '/' + Key),
      MetadataDirective: 'REPLACE',
    }),
  );
};
