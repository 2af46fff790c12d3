import functools
import time

import backoff
import boto3
import tenacity
from botocore.exceptions import ClientError
from tenacity import retry, stop_after_attempt

s3 = boto3.client("s3")


@retry(stop=stop_after_attempt(3), reraise=True)
def fetch(key):
    return s3.get_object(Bucket="retried", Key=key)


@backoff.on_exception(backoff.expo, ClientError, max_tries=3)
def drop(key):
    s3.delete_object(Bucket="retried", Key=key)


@tenacity.retry
def mark(key):
    s3.put_object_tagging(Bucket="retried", Key=key, Tagging={"TagSet": []})


def retried(fn, *args, **kwargs):
    for attempt in range(3):
        try:
            return fn(*args, **kwargs)
        except ClientError:
            time.sleep(2**attempt)
    return None


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        print(function.__name__)
        return function(*args, **kwargs)

    return wrapper


@logged
def store(key, body=b""):
    retried(s3.put_object, Bucket="retried", Key=f"copy/{key}", Body=body)


def handler(event, context):
    fetch("a")
    store("a")
    mark("a")
    drop("a")
