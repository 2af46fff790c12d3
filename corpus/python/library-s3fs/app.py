import fsspec
import s3fs

fs = s3fs.S3FileSystem(anon=False)


def handler(event, context):
    with fs.open("s3fs-bucket/in/a.txt") as file:
        file.read()
    with fs.open("s3://s3fs-bucket/out/b.txt", "wb") as file:
        file.write(b"x")
    fs.ls("s3fs-listed/prefix")
    fs.rm("s3fs-bucket/old.txt")
    fs.put("local.txt", "s3fs-bucket/put.txt")
    with fsspec.open("s3://fsspec-bucket/c.txt", mode="r") as file:
        file.read()
    with fsspec.open("/tmp/local.txt") as file:
        file.read()
