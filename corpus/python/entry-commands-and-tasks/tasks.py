import boto3
from celery import Celery, shared_task

celery = Celery("tasks")


@celery.task(bind=True)
def clean(self, key):
    boto3.client("s3").delete_object(Bucket="commands", Key="celery")


@shared_task
def tag():
    boto3.client("s3").put_object_tagging(Bucket="commands", Key="shared", Tagging={"TagSet": []})


class Handler:
    def __call__(self, event, context):
        boto3.client("sqs").get_queue_url(QueueName="commands")


handler = Handler()
