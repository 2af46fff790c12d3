import boto3

import accounts

SUBJECT = "Goodbye"


def say_goodbye(account):
    boto3.client("ses").send_email(
        Source="service@example.com",
        Destination={"ToAddresses": [accounts.owner(account)]},
        Message={"Subject": {"Data": SUBJECT}, "Body": {"Text": {"Data": "Farewell."}}},
    )
