import boto3

client = boto3.client("s3")
objects = client.get_paginator("list_objects_v2")


def keys(paginator, **query):
    for page in paginator.paginate(**query):
        yield from (item["Key"] for item in page.get("Contents", []))


def handler(event, context):
    for key in keys(objects, Bucket="paged", Prefix="in/"):
        client.get_object(Bucket="paged", Key=key)
    everything = client.get_paginator("list_object_versions").paginate(Bucket="paged").build_full_result()
    found = boto3.client("sqs").get_paginator("list_queues").paginate().search("QueueUrls[]")
    return len(everything), list(found)
