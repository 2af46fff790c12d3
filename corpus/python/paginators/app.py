"""Counts what is stored per customer and reports on schedules that are switched off."""

from collections import Counter

import boto3

s3 = boto3.client("s3")
events = boto3.client("events")


def bytes_per_customer():
    sizes = Counter()
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="customer-files", Prefix="c/")
    for page in pages:
        for item in page.get("Contents", []):
            sizes[item["Key"].split("/")[1]] += item["Size"]
    return sizes


def switched_off():
    paginator = events.get_paginator("list_rules")
    rules = paginator.paginate(NamePrefix="nightly-").build_full_result()["Rules"]
    return [rule["Name"] for rule in rules if rule["State"] == "DISABLED"]


def versions():
    found = s3.get_paginator("list_object_versions").paginate(Bucket="customer-files")
    return list(found.search("Versions[].Key"))


def handler(event, context):
    return {"sizes": bytes_per_customer(), "off": switched_off(), "versions": versions()}
