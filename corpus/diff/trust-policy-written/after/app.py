import boto3

boto3.client("s3").get_object(Bucket="reports", Key="a.csv")
boto3.client("iam").update_assume_role_policy(RoleName="worker", PolicyDocument="{}")
