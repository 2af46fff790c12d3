import boto3

dynamodb = boto3.client("dynamodb")
streams = boto3.client("dynamodbstreams")


def handler(event, context):
    arn = dynamodb.describe_table(TableName="streamed")["Table"]["LatestStreamArn"]
    description = streams.describe_stream(StreamArn=arn)["StreamDescription"]
    for shard in description["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="LATEST"
        )["ShardIterator"]
        yield streams.get_records(ShardIterator=iterator)
