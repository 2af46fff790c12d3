import boto3

boto3.client("s3").get_object(Bucket="reports", Key="a.csv")
boto3.client("s3").delete_public_access_block(Bucket="reports")
