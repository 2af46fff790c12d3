import boto3


class Session(boto3.Session):
    def table(self, name):
        return self.resource("dynamodb").Table(name)


def handler(event, context):
    session = Session()
    session.table("extended").scan()
    session.client("s3").put_object(Bucket="extended", Key="x", Body=b"")
