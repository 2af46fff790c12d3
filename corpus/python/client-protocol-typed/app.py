import boto3


class Storage:
    def __init__(self):
        self.s3 = boto3.client("s3")

    def load(self, key):
        return self.s3.get_object(Bucket="typed-storage", Key=key)


class Service:
    storage: Storage

    def __init__(self, storage: Storage):
        self.storage = storage

    def run(self):
        return self.storage.load("state.json")


def entry(service: Service):
    return service.run()
