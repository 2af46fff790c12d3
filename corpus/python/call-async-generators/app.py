import aioboto3

session = aioboto3.Session()


async def keys(bucket):
    async with session.client("s3") as s3:
        page = await s3.list_objects_v2(Bucket=bucket)
        for item in page.get("Contents", []):
            yield item["Key"]


async def handler(event, context):
    found = [key async for key in keys("async-list")]
    async with session.client("s3") as s3:
        for key in ["a", "b"]:
            await s3.put_object(Bucket="async-list", Key=key, Body=b"")
    return found
