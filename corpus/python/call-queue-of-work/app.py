import queue
import threading

import boto3

work = queue.Queue()
s3 = boto3.client("s3")


def worker():
    while True:
        key = work.get()
        if key is None:
            break
        s3.delete_object(Bucket="queued-work", Key=f"old/{key}")


def handler(event, context):
    thread = threading.Thread(target=worker)
    thread.start()
    work.put("a")
    work.put(None)
    thread.join()
