var async = require('async');
var AWS = require('aws-sdk');
var s3 = new AWS.S3();
var db = new AWS.DynamoDB.DocumentClient();

exports.handler = function (event, context, callback) {
  var key = decodeURIComponent(event.Records[0].s3.object.key.replace(/\+/g, ' '));

  async.waterfall(
    [
      function download(next) {
        s3.getObject({ Bucket: 'camera-in', Key: key }, next);
      },
      function upload(response, next) {
        s3.putObject({ Bucket: 'camera-out', Key: key, Body: response.Body }, next);
      },
      function record(response, next) {
        db.put({ TableName: 'camera-shots', Item: { id: key } }, next);
      },
    ],
    callback,
  );
};
