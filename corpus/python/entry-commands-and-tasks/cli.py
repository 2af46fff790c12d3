import boto3
import click
import typer

app = typer.Typer()


@click.group()
def main():
    pass


@main.command()
@click.option("--key", default="k")
def push(key):
    boto3.client("s3").put_object(Bucket="commands", Key="click", Body=b"")


@app.command()
def pull(key: str = typer.Option("typer")):
    boto3.client("s3").get_object(Bucket="commands", Key=key)


if __name__ == "__main__":
    main()
