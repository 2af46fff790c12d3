import boto3

s3 = boto3.client("s3")


def upload(page, html, public):
    arguments = dict(Bucket="web-site", ContentType="text/html")
    arguments["Key"] = f"pages/{page}.html"
    arguments.update(Body=html.encode())
    if public:
        arguments["ACL"] = "public-read"
    s3.put_object(**arguments)


def handler(event, context):
    upload(event["page"], event["html"], event.get("public", False))
