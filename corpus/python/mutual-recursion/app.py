"""Walks a tree of folders kept in a table; files lie in a bucket."""

import boto3

table = boto3.resource("dynamodb").Table("folders")
s3 = boto3.client("s3")


def walk_folder(path, depth=0):
    folder = table.get_item(Key={"path": path}).get("Item", {})
    for name in folder.get("folders", []):
        walk_children(f"{path}/{name}", depth + 1)
    for name in folder.get("files", []):
        s3.delete_object(Bucket="tree-files", Key=f"files/{path}/{name}")


def walk_children(path, depth):
    if depth < 10:
        walk_folder(path, depth)
    table.delete_item(Key={"path": path})


def handler(event, context):
    walk_folder(event["path"])
