import boto3


class Uploader:
    def __init__(self, bucket):
        self.bucket = bucket

    def __call__(self, key, body=b""):
        boto3.client("s3").put_object(Bucket=self.bucket, Key=key, Body=body)

    def __getitem__(self, key):
        return boto3.client("s3").get_object(Bucket=self.bucket, Key=key)


def handler(event, context):
    upload = Uploader("called")
    upload("x")
    return upload["x"]["ContentLength"]
