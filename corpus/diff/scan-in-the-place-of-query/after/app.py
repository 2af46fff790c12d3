import boto3

boto3.client("dynamodb").scan(TableName="orders")
