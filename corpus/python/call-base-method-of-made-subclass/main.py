import boto3


class Store:
    bucket: str

    def __init__(self, prefix):
        self.s3 = boto3.client("s3")
        self.prefix = prefix

    def put(self, name, body):
        self.s3.put_object(Bucket=self.bucket, Key=f"{self.prefix}/{name}", Body=body)


class Invoices(Store):
    bucket = "invoices"


class Receipts(Store):
    bucket = "receipts"


# Plug-ins call what they hold.
STORES = [Invoices("2024"), Receipts("daily")]
