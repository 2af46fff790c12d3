import boto3

STREAM = "clicks"
kinesis = boto3.client("kinesis")


def send(record, key="all", stream=STREAM, client=kinesis):
    client.put_record(StreamName=stream, PartitionKey=key, Data=record)


def handler(event, context):
    for click in event["clicks"]:
        send(click.encode())
        send(click.encode(), key=click)
    send(b"end", stream="batches")
