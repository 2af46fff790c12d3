import boto3


class Aws:
    def __init__(self):
        self.s3 = boto3.client("s3")


class App:
    def __init__(self, aws):
        self.aws = aws

    @property
    def s3(self):
        return self.aws.s3


def handler(event, context):
    App(Aws()).s3.put_object(Bucket="delegated", Key="x", Body=b"")
