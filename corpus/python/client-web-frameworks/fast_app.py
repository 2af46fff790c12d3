import boto3
from fastapi import APIRouter, Depends

router = APIRouter(prefix="/files")


def s3():
    return boto3.client("s3")


@router.get("/{name}")
async def read(name: str, client=Depends(s3)):
    return client.get_object(Bucket="files", Key=f"public/{name}")["Body"].read()
