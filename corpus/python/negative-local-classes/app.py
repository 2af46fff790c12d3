import boto3

client = boto3.client("s3")


class Client:
    def get_object(self, Bucket, Key):
        return open(f"{Bucket}/{Key}")

    def put_object(self, **kwargs):
        return kwargs


class Repo(Client):
    def client(self, name):
        return Client()

    def copy(self):
        self.put_object(Bucket="a", Key="b", Body=self.get_object(Bucket="a", Key="b"))


def use(client):
    client.get_object(Bucket="x", Key="y")


def handler(event, context):
    use(Client())
    Repo().copy()
    Repo().client("s3").get_object(Bucket="z", Key="w")
    client = Client()
    client.put_object(Bucket="shadow", Key="k")
