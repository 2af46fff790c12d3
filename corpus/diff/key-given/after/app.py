import boto3

boto3.client("s3").put_object(Bucket="reports", Key="a.csv", ServerSideEncryption="aws:kms", SSEKMSKeyId="arn:aws:kms:eu-west-1:123456789012:key/1234")
