import clients

BUCKET = "circular"


def keys():
    return [item["Key"] for item in clients.s3().list_objects_v2(Bucket=BUCKET).get("Contents", [])]
