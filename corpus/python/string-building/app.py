import boto3

s3 = boto3.client("s3")
BUCKET = "-".join(["media", "library"])


def handler(event, context):
    album = event["album"]
    track = event["track"]
    s3.get_object(Bucket=BUCKET, Key=f"albums/{album}/cover.jpg")
    s3.get_object(Bucket=BUCKET, Key="albums/%s/%03d.ogg" % (album, track))
    s3.get_object(Bucket=BUCKET, Key="lyrics/{}/{number}.txt".format(album, number=track))
    s3.get_object(Bucket=BUCKET, Key="notes/" + album + ".md")
    s3.get_object(Bucket=BUCKET, Key=f"{'index'}.json")
