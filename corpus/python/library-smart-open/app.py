import os

from smart_open import open as sopen

BUCKET = os.environ.get("BUCKET", "smart")


def handler(event, context):
    for line in sopen(f"s3://{BUCKET}/in/{event['name']}.txt"):
        print(line)
    with sopen("s3://" + BUCKET + "/out.txt", "w") as out:
        out.write("x")
    with sopen("https://example.com/x") as other:
        other.read()
