import argparse

import boto3


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bucket", default="from-arguments")
    parser.add_argument("-t", "--table-name", dest="table", default="arguments-table")
    parser.add_argument("--prefix", choices=["a", "b"], default="a")
    parser.add_argument("key")
    return parser.parse_args()


def main():
    args = parse()
    boto3.client("s3").put_object(Bucket=args.bucket, Key=f"{args.prefix}/{args.key}", Body=b"")
    boto3.resource("dynamodb").Table(args.table).scan()


if __name__ == "__main__":
    main()
