from functools import partial

import boto3

make = partial(boto3.client, region_name="us-east-1")
make_s3 = partial(boto3.client, "s3")
put = partial(make_s3().put_object, Bucket="reports")


def handler(event, context):
    make("sns").publish(TopicArn="arn:aws:sns:us-east-1:123456789012:reports", Message="x")
    put(Key="today.txt", Body=b"x")
    put(Key=f"by-name/{event['name']}.txt", Body=b"x")
