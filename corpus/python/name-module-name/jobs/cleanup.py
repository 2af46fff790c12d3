import boto3


def run():
    boto3.client("s3").put_object(Bucket="module-names", Key=f"runs/{__name__}.json", Body=b"")
