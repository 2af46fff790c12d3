"""An ASGI application: the entry point is an object, its routes are called by the framework."""

import boto3
from aws_lambda_powertools import Logger
from fastapi import FastAPI
from mangum import Mangum

from routes import router

logger = Logger()
app = FastAPI()
app.include_router(router)
table = boto3.resource("dynamodb").Table("tickets")


@app.get("/tickets/{number}")
def show(number: str):
    return table.get_item(Key={"number": number}).get("Item")


@app.post("/tickets")
def create(ticket: dict):
    store(ticket)


def store(ticket):
    table.put_item(Item=ticket)


@logger.inject_lambda_context
def purge(event, context):
    table.delete_item(Key={"number": event["number"]})


def rebuild():
    table.scan()


handler = Mangum(app)
