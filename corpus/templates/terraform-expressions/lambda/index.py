import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    s3.get_object(Bucket=os.environ["LOWER"], Key="a")
    s3.get_object(Bucket=os.environ["FORMATTED"], Key="b")
    s3.get_object(Bucket=os.environ["PICKED"], Key="c")
    s3.get_object(Bucket=os.environ["TRIED"], Key="d")
    s3.get_object(Bucket=os.environ["CHOSEN"], Key="e")
    s3.get_object(Bucket=os.environ["JOINED"], Key="f")
    s3.get_object(Bucket=os.environ["MAPPED"], Key="g")
    s3.get_object(Bucket=os.environ["RANDOM"], Key="h")
