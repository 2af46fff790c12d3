import boto3

s3 = boto3.resource("s3")
bucket = s3.Bucket("invoices")


def store(number, text):
    bucket.put_object(Key=f"open/{number}.txt", Body=text.encode())


def close(number):
    source = s3.Object("invoices", f"open/{number}.txt")
    text = source.get()["Body"].read()
    bucket.Object(f"closed/{number}.txt").put(Body=text)
    source.delete()


def handler(event, context):
    store(event["number"], event["text"])
    close(event["number"])
