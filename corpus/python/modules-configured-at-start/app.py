import boto3

import state
import work


def setup():
    state.client = boto3.client("s3")
    state.bucket = "configured-late"


def handler(event, context):
    setup()
    work.run()
