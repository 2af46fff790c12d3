import boto3

_clients = {}


def client(service):
    if service not in _clients:
        _clients[service] = boto3.client(service)
    return _clients[service]


def handler(event, context):
    client("s3").put_object(Bucket="inbox", Key="note.txt", Body=b"x")
    client("sns").publish(TopicArn="arn:aws:sns:us-east-1:123456789012:inbox", Message="note")
