const { S3 } = require("@aws-sdk/client-s3");
exports.handler = async () => new S3({}).putObject({ Bucket: "items", Key: "b" });
