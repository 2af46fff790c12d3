import boto3

s3 = boto3.client("s3")


def note(day):
    s3.put_object(Bucket="booking-reports", Key=f"changed/{day}", Body=b"")


def rebuild():
    s3.delete_object(Bucket="booking-reports", Key="report.html")
