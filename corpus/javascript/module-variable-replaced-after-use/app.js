const { S3Client, GetObjectCommand } = require("@aws-sdk/client-s3");

const s3 = new S3Client({});
let bucket = "reports-live";

function load() {
  return s3.send(new GetObjectCommand({ Bucket: bucket, Key: "latest.json" }));
}

async function main() {
  await load();
}

main();
if (process.env.REPLAY === process.env.STAGE) {
  bucket = "reports-replay";
}
main();
