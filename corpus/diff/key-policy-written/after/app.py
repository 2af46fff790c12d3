import boto3

boto3.client("s3").get_object(Bucket="reports", Key="a.csv")
boto3.client("kms").put_key_policy(KeyId="arn:aws:kms:eu-west-1:123456789012:key/1234", PolicyName="default", Policy="{}")
