"""Wrappers around clients and resources that are made by whoever uses them."""

from botocore.exceptions import ClientError


class BucketWrapper:
    def __init__(self, s3_client):
        self.s3_client = s3_client

    def create(self, name):
        try:
            self.s3_client.create_bucket(Bucket=name)
        except ClientError:
            self.s3_client.head_bucket(Bucket=name)


class Movies:
    def __init__(self, table):
        self.table = table

    def add(self, title):
        self.table.put_item(Item={"title": title})

    def load(self, movies):
        with self.table.batch_writer() as writer:
            for movie in movies:
                writer.put_item(Item=movie)


def read_users(session):
    iam = session.client("iam")
    return [user["UserName"] for page in iam.get_paginator("list_users").paginate() for user in page["Users"]]


class Cache:
    """Methods of the same names as operations, without their parameters, are none."""

    def __init__(self, backend):
        self.backend = backend

    def read(self, key):
        self.backend.publish("news", key)
        return self.backend.get_item(key)
