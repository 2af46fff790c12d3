const AWSXRay = require('aws-xray-sdk-core');
const AWS = AWSXRay.captureAWS(require('aws-sdk'));

AWS.config.setPromisesDependency(require('bluebird'));

module.exports = AWS;
