import os
from pathlib import Path, PurePosixPath

import boto3

s3 = boto3.client("s3")
BUCKET = "-".join(["string", "forms"])


def put(key):
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"")


def handler(event, context):
    name = event["name"]
    put("percent/%s.txt" % name)
    put("format/{}/{kind}".format(name, kind="json"))
    put("plus/" + name + "/end")
    put("/".join(["join", name, "x"]))
    put(os.path.join("path", name))
    put(str(Path("pathlib") / name / "data.bin"))
    put(PurePosixPath("pure", "x.csv").as_posix())
    put("Lower/KEY".lower())
    put("  strip/me ".strip())
    put("replace_me_now".replace("_", "/"))
    put("prefix-gone".removeprefix("prefix-"))
    put("suffix.tmp".removesuffix(".tmp") + "/s")
    put("first/second/third".split("/")[1] + "/split")
    put("a.b.c".rsplit(".", 1)[0] + "/rsplit")
    put("left=right".partition("=")[2] + "/partition")
    put(f"{1 + 1}/{name!s:.10}")
