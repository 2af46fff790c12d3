const AWS = require('aws-sdk');

const reports = new AWS.RDS.Signer({ region: 'eu-west-1', hostname: 'db', port: 5432, username: 'reports' });
const signer = new AWS.RDS.Signer();

exports.handler = async () => {
  const readOnly = signer.getAuthToken({ region: 'eu-west-1', hostname: 'db', port: 5432, username: 'app' });
  return new Promise((resolve, reject) => {
    reports.getAuthToken({}, (error, token) => (error ? reject(error) : resolve([readOnly, token])));
  });
};

// Signed with a key pair of CloudFront: no permission of the role.
exports.link = () => new AWS.CloudFront.Signer('KEY', process.env.KEY).getSignedUrl({ url: 'https://d.example/a' });
