import boto3


def finish():
    boto3.client("s3").delete_object(Bucket="conditional", Key="marker")
