import asyncio

import aioboto3

session = aioboto3.Session()


async def read_profile(user):
    async with session.client("s3") as s3:
        response = await s3.get_object(Bucket="profiles", Key=f"{user}/profile.json")
        async with response["Body"] as body:
            return await body.read()


async def count(user):
    async with session.resource("dynamodb") as dynamodb:
        table = await dynamodb.Table("visits")
        await table.update_item(
            Key={"user": user},
            UpdateExpression="ADD visits :one",
            ExpressionAttributeValues={":one": 1},
        )


async def visit(user):
    profile, _ = await asyncio.gather(read_profile(user), count(user))
    return profile.decode()


def handler(event, context):
    return asyncio.run(visit(event["user"]))
