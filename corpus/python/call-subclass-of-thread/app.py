from threading import Thread

import boto3


class Copier(Thread):
    def __init__(self, key):
        super().__init__()
        self.key = key

    def run(self):
        boto3.client("s3").put_object(Bucket="thread-class", Key=self.key, Body=b"")


def handler(event, context):
    copiers = [Copier("one"), Copier("two")]
    for copier in copiers:
        copier.start()
    for copier in copiers:
        copier.join()
