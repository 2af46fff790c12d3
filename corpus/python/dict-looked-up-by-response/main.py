import boto3

s3 = boto3.client("s3")

PREFIXES = {"clean": "scanned/clean/", "infected": "scanned/infected/"}


def handler(event, context):
    job = boto3.client("sqs").receive_message(QueueUrl="https://sqs.eu-west-1.amazonaws.com/123456789012/scans")["Messages"][0]
    verdict = boto3.client("ssm").get_parameter(Name="verdict")["Parameter"]["Value"]
    prefix = PREFIXES.get(verdict)
    if prefix:
        s3.put_object(Bucket="scan-results", Key=prefix + job["MessageId"], Body=job["Body"])
