from cloudaux.aws.sts import boto3_cached_conn, sts_conn


@sts_conn("sqs", service_type="client")
def receive(url, client=None):
    return client.receive_message(QueueUrl=url)


def handler(event, context):
    iam = boto3_cached_conn("iam", account_number=event["account"], assume_role="auditor")
    iam.list_users()
    return receive("https://sqs.us-east-1.amazonaws.com/123456789012/audits")
