import boto3
from botocore.credentials import RefreshableCredentials
from botocore.session import get_session

ROLE = "arn:aws:iam::210987654321:role/exporter"


def refresh():
    keys = boto3.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="export")["Credentials"]
    return {
        "access_key": keys["AccessKeyId"],
        "secret_key": keys["SecretAccessKey"],
        "token": keys["SessionToken"],
        "expiry_time": keys["Expiration"].isoformat(),
    }


def exporter():
    session = get_session()
    session._credentials = RefreshableCredentials.create_from_metadata(
        metadata=refresh(), refresh_using=refresh, method="sts-assume-role"
    )
    return boto3.Session(botocore_session=session)


def handler(event, context):
    exporter().client("sqs").send_message(
        QueueUrl="https://sqs.eu-west-1.amazonaws.com/210987654321/exports", MessageBody="ready"
    )
