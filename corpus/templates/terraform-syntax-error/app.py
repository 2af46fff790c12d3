import boto3

boto3.client("sns").list_topics()
