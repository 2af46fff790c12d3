import boto3

boto3.client("s3").get_object(Bucket="reports", Key="a.csv")
