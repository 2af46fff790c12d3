from contextlib import AsyncExitStack, asynccontextmanager

import aioboto3
from aiobotocore.session import get_session


@asynccontextmanager
async def queue_client():
    async with get_session().create_client("sqs", region_name="us-east-1") as client:
        yield client


class Service:
    def __init__(self):
        self.stack = AsyncExitStack()
        self.session = aioboto3.Session()

    async def __aenter__(self):
        self.s3 = await self.stack.enter_async_context(self.session.client("s3"))
        self.dynamodb = await self.stack.enter_async_context(self.session.resource("dynamodb"))
        return self

    async def __aexit__(self, *error):
        await self.stack.aclose()


async def handler(event, context):
    async with queue_client() as sqs:
        url = (await sqs.get_queue_url(QueueName="async-jobs"))["QueueUrl"]
        await sqs.send_message(QueueUrl=url, MessageBody="1")
    async with Service() as service:
        await service.s3.put_object(Bucket="async-files", Key="k", Body=b"")
        table = await service.dynamodb.Table("async-items")
        await table.put_item(Item={"id": "1"})
