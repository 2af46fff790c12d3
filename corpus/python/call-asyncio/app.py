import asyncio
from functools import partial

import boto3

s3 = boto3.client("s3")


async def put(key):
    await asyncio.to_thread(s3.put_object, Bucket="loop", Key=key, Body=b"")


async def get(key):
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, partial(s3.get_object, Bucket="loop", Key=key))


async def main():
    await asyncio.gather(put("one"), put("two"))
    task = asyncio.create_task(get("one"))
    await task
    await asyncio.wait_for(get("two"), timeout=5)
    loop = asyncio.get_event_loop()
    await loop.run_in_executor(None, lambda: s3.delete_object(Bucket="loop", Key="one"))


def handler(event, context):
    asyncio.run(main())
