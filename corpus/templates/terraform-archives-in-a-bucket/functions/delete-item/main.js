const { S3 } = require("@aws-sdk/client-s3");
exports.handler = async () => new S3({}).deleteObject({ Bucket: "items", Key: "c" });
