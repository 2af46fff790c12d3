"""Options of click, and options of argparse as a dictionary."""

import argparse

import boto3
import click

s3 = boto3.client("s3")


@click.command()
@click.option("--bucket", default="artifacts")
@click.option("--stage-name", "stage", default="dev")
@click.argument("key")
def fetch(bucket, stage, key):
    s3.get_object(Bucket=bucket, Key=f"{stage}/{key}")


def store(bucket, prefix, number=7):
    s3.put_object(Bucket=bucket, Key=f"{prefix}/{number:03d}-part.csv", Body=b"")
    s3.delete_object(Bucket=bucket, Key="{}/{:>8}/{}".format(prefix, number, "old"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bucket", default="uploads")
    parser.add_argument("--prefix", default="in")
    options = vars(parser.parse_args())
    s3.head_bucket(Bucket=options["bucket"])
    store(**options)


main()
