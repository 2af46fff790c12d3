class Archive {
  constructor({ s3, bucket }) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  keep(plan) {
    const Key = `approved/${plan.id}.json`;
    return this.s3.putObject({ Bucket: this.bucket, Key, Body: JSON.stringify(plan) });
  }
}

module.exports = { Archive };
