import boto3

boto3.client("sns").publish(TopicArn="arn:aws:sns:eu-west-1:123456789012:orders", Message="new")
