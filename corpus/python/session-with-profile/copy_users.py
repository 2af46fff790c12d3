"""Copies the user list from the old account's table into the new one's."""

import boto3

old = boto3.Session(profile_name="legacy")
new = boto3.session.Session(profile_name="platform")


def main():
    source = old.client("dynamodb")
    target = new.resource("dynamodb").Table("users-v2")
    for page in source.get_paginator("scan").paginate(TableName="users"):
        for item in page["Items"]:
            target.put_item(Item={"name": item["name"]["S"]})


if __name__ == "__main__":
    main()
