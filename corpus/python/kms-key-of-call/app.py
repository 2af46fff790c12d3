import os

import boto3

s3 = boto3.client("s3")
secrets = boto3.client("secretsmanager")
ssm = boto3.client("ssm")


def handler(event, context):
    # The key is named by the call.
    s3.put_object(
        Bucket="records",
        Key=f"in/{event['id']}.json",
        Body=b"{}",
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId="arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    )
    # An alias: the key itself is not known.
    secrets.create_secret(Name="token", SecretString="x", KmsKeyId="alias/tokens")
    # The key that AWS manages for the service is open to everyone who may use the service.
    s3.put_object(Bucket="records", Key="out.json", ServerSideEncryption="aws:kms", SSEKMSKeyId="alias/aws/s3")
    # A key from the environment.
    ssm.put_parameter(Name="/app/password", Value="x", Type="SecureString", KeyId=os.environ["KEY_ID"])
