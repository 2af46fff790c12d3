const AWS = require('aws-sdk');
const S3 = require('aws-sdk/clients/s3');

const s3 = new S3({ signatureVersion: 'v4' });
const Bucket = 'band-demos';

function mixForm(band) {
  return s3.createPresignedPost({
    Bucket,
    Fields: { key: 'mixes/' + band },
    Expires: 600,
  });
}

exports.handler = async ({ band = 'x' }) => {
  const upload = new AWS.S3.ManagedUpload({
    params: { Bucket, Key: 'raw/take.wav', Body: Buffer.from('wave') },
  });
  upload.on('httpUploadProgress', (progress) => console.log(progress.loaded));
  await upload.promise();
  const notes = s3.upload({ Bucket, Key: 'notes.txt', Body: 'la la' });
  await notes.on('httpUploadProgress', () => {}).promise();
  return mixForm(band);
};
