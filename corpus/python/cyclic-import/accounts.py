import boto3

import mails

table = boto3.resource("dynamodb").Table("accounts")


def owner(account):
    return table.get_item(Key={"id": account})["Item"]["owner"]


def close(account):
    mails.say_goodbye(account)
    table.delete_item(Key={"id": account})
