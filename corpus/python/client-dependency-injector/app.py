import boto3
from dependency_injector import containers, providers
from dependency_injector.wiring import Provide, inject


class Orders:
    def __init__(self, client, table):
        self.client = client
        self.table = table

    def save(self, item):
        self.client.put_item(TableName=self.table, Item=item)


class Container(containers.DeclarativeContainer):
    config = providers.Configuration()
    session = providers.Resource(boto3.session.Session, region_name=config.region)
    s3 = providers.Resource(session.provided.client.call(), service_name="s3")
    sqs = providers.Factory(boto3.client, service_name="sqs")
    dynamodb = providers.Singleton(boto3.client, "dynamodb")
    orders = providers.Factory(Orders, client=dynamodb, table="orders")


@inject
def record(item, orders: Orders = Provide[Container.orders]):
    orders.save(item)


def handler(event, context):
    container = Container()
    container.wire(modules=[__name__])
    record(event)
    container.s3().put_object(Bucket="receipts", Key="last", Body=b"")
    url = "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
    container.sqs().send_message(QueueUrl=url, MessageBody="new")
