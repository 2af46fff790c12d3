from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing.pool import ThreadPool
from threading import Thread

import boto3

s3 = boto3.client("s3")


def upload(key):
    s3.put_object(Bucket="parallel", Key=key, Body=b"")


def remove(bucket, key):
    s3.delete_object(Bucket=bucket, Key=key)


def handler(event, context):
    thread = Thread(target=upload, args=("thread",))
    thread.start()
    thread.join()
    with ThreadPoolExecutor() as executor:
        futures = [executor.submit(s3.get_object, Bucket="parallel", Key="thread")]
        futures.append(executor.submit(upload, "submitted"))
        for future in as_completed(futures):
            future.result()
        list(executor.map(upload, ["mapped-1", "mapped-2"]))
    pool = ThreadPool(2)
    pool.starmap(remove, [("parallel", "mapped-1"), ("parallel", "mapped-2")])
    pool.apply_async(remove, ("parallel",), {"key": "submitted"}).get()
