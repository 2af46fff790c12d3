from functools import lru_cache

import boto3

from names import *


@lru_cache
def s3():
    return boto3.client("s3")


def bucket():
    return BUCKET
