import boto3

boto3.client("s3").get_object(Bucket="reports", Key="a.csv")
boto3.client("iam").create_policy_version(PolicyArn="arn:aws:iam::123456789012:policy/app", PolicyDocument="{}", SetAsDefault=True)
