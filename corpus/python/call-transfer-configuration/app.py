import io

import boto3
from boto3.s3.transfer import TransferConfig, S3Transfer

config = TransferConfig(multipart_threshold=8 * 1024 * 1024, use_threads=False)
s3 = boto3.client("s3")


def handler(event, context):
    with open("out.csv", "wb") as file:
        file.write(b"a,b")
    s3.upload_file("out.csv", "transfers", "a/out.csv", ExtraArgs={"ContentType": "text/csv"}, Config=config)
    S3Transfer(s3, config).upload_file("out.csv", "transfers", "b/out.csv")
    boto3.resource("s3").Bucket("transfers").upload_fileobj(io.BytesIO(b"x"), Key="c/out.csv", Config=config)
    s3.download_file(Bucket="transfers", Key="a/out.csv", Filename="in.csv", Config=config)
