import boto3


def session_for(account_id):
    """A session in another account of the organization."""
    sts = boto3.client("sts")
    response = sts.assume_role(
        RoleArn=f"arn:aws:iam::{account_id}:role/audit", RoleSessionName="audit", DurationSeconds=900
    )
    keys = response["Credentials"]
    return boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        region_name="eu-west-1",
    )
