import os

import boto3

sqs = boto3.client("sqs")


def main():
    while True:
        url = os.environ["QUEUE_URL"]
        for message in sqs.receive_message(QueueUrl=url).get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


if __name__ == "__main__":
    main()
