import multiprocessing
import os

import boto3


def work(queue_url, bucket):
    sqs = boto3.client("sqs")
    for message in sqs.receive_message(QueueUrl=queue_url).get("Messages", []):
        boto3.client("s3").put_object(Bucket=bucket, Key="latest", Body=message["Body"])


def main():
    queue_url = os.environ["QUEUE_URL"]
    context = multiprocessing.get_context("spawn")
    with context.Pool(4) as pool:
        pool.starmap(work, [(queue_url, f"pool-results-{stage}") for stage in ("test", "live")])


if __name__ == "__main__":
    main()
