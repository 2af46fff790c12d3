import boto3
import pymongo
import redis
from azure.storage.blob import BlobServiceClient
from confluent_kafka import Producer
from google.cloud import storage, pubsub_v1
from sqlalchemy.orm import Session

s3 = boto3.client("s3")
cache = redis.Redis(host="localhost")
mongo = pymongo.MongoClient()["db"]
gcs = storage.Client()
azure = BlobServiceClient.from_connection_string("x")
publisher = pubsub_v1.PublisherClient()


def handler(event, context):
    cache.delete_item("x")
    cache.publish("channel", "message")
    mongo.users.update_item({"id": 1})
    gcs.bucket("b").list_objects(Bucket="b")
    gcs.get_object(Bucket="b", Key="k")
    azure.get_object(Bucket="b", Key="k")
    publisher.publish(TopicArn="t", Message="m")
    Producer({}).send_message(QueueUrl="q", MessageBody="m")


def orm(session: Session):
    session.query(TableName="t")
    session.delete_object(Bucket="b", Key="k")
    session.scan(TableName="t")
