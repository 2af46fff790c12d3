import boto3

boto3.client("glue").create_crawler(Name="c", Role="arn:aws:iam::123456789012:role/worker", Targets={})
