import time

import boto3

cloudwatch = boto3.client("cloudwatch")


class Timer:
    """Measures a block and reports how long it took."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.start = time.perf_counter()
        return self

    def __exit__(self, *error):
        cloudwatch.put_metric_data(
            Namespace="Shop",
            MetricData=[
                {
                    "MetricName": self.name,
                    "Value": time.perf_counter() - self.start,
                    "Unit": "Seconds",
                }
            ],
        )


def handler(event, context):
    with Timer("checkout"):
        return sum(event["prices"])
