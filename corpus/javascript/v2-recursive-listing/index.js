const S3 = require('aws-sdk/clients/s3');

const s3 = new S3();

function list(marker, found, done) {
  const params = { Bucket: 'old-mail' };
  if (marker) params.Marker = marker;
  s3.listObjects(params, (error, data) => {
    if (error) return done(error);
    const all = found.concat(data.Contents.map((object) => object.Key));
    if (data.IsTruncated) return list(data.NextMarker, all, done);
    done(null, all);
  });
}

exports.handler = () =>
  new Promise((resolve, reject) => {
    list(null, [], (error, all) => (error ? reject(error) : resolve(all)));
  });
