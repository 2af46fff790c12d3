from abc import ABC, abstractmethod

import boto3


class Job(ABC):
    bucket = "template-jobs"

    def run(self):
        self.store(self.name(), self.compute())

    @abstractmethod
    def name(self): ...

    @abstractmethod
    def compute(self): ...

    def store(self, key, body):
        boto3.client("s3").put_object(Bucket=self.bucket, Key=key, Body=body)


class Daily(Job):
    def name(self):
        return "daily.json"

    def compute(self):
        rows = boto3.resource("dynamodb").Table("daily-rows").scan()["Items"]
        return str(rows).encode()


class Weekly(Daily):
    bucket = "template-weekly"

    def name(self):
        return "weekly.json"


def handler(event, context):
    for job in (Daily(), Weekly()):
        job.run()
