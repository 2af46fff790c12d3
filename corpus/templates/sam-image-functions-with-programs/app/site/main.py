import os

import boto3
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def index():
    return boto3.resource("dynamodb").Table(os.environ["TABLE"]).scan()["Items"]
