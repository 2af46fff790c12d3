import boto3

sts = boto3.client("sts")


def handler(event, context):
    assumed = sts.assume_role(
        RoleArn="arn:aws:iam::210987654321:role/partner-reader", RoleSessionName="nightly"
    )
    credentials = assumed["Credentials"]
    partner = boto3.client(
        "s3",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
    body = partner.get_object(Bucket="partner-exports", Key="orders.csv")["Body"].read()
    boto3.client("s3").put_object(Bucket="imports", Key="partner/orders.csv", Body=body)
