import boto3

boto3.client("dynamodb").query(TableName="orders", KeyConditionExpression="id = :id")
