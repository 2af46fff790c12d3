import base64

import boto3

kms = boto3.client("kms")
KEY = "alias/medical-records"


def handler(event, context):
    sealed = kms.encrypt(KeyId=KEY, Plaintext=event["text"].encode())["CiphertextBlob"]
    opened = kms.decrypt(KeyId=KEY, CiphertextBlob=sealed)["Plaintext"]
    return base64.b64encode(sealed).decode(), opened.decode()
