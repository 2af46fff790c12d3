import boto3
from flask import Flask, request

app = Flask(__name__)
table = boto3.resource("dynamodb").Table("users")


@app.route("/users/<user_id>", methods=["GET"])
def read(user_id):
    return table.get_item(Key={"id": user_id}).get("Item", {})


@app.post("/users")
def create():
    table.put_item(Item=request.get_json())
    return {}, 201
