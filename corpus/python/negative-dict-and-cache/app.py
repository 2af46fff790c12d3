"""Uses boto3 for S3 only; caches, queues and dictionaries have methods of the same names."""

import queue

import boto3

s3 = boto3.client("s3")
jobs = queue.Queue()


class Cache:
    def __init__(self, backend):
        self.backend = backend

    def read(self, key):
        # A redis client, as the caller says.
        found = self.backend.get(key)
        if found is None:
            self.backend.set(key, "1", ex=60)
            self.backend.publish("news", key)
        return found


def handler(event, context):
    event.get("id")
    settings = {"copy": 1}
    settings.copy()
    settings.update(delete=True)
    jobs.put(settings)
    jobs.get()
    names = ["b", "a"]
    names.copy()
    return s3.get_object(Bucket="news", Key="today.txt")["ContentLength"]


def warm_up(redis):
    Cache(redis).read("today")
