import boto3

orders = boto3.resource("dynamodb").Table("shop-orders")
