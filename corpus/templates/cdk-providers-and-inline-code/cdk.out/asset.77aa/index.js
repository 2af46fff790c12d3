const { S3 } = require("@aws-sdk/client-s3");
exports.handler = async (event) => new S3({}).deleteBucket({ Bucket: event.bucket });
