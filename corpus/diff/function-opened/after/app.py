import boto3

boto3.client("s3").get_object(Bucket="reports", Key="a.csv")
boto3.client("lambda").add_permission(FunctionName="worker", StatementId="s", Action="lambda:InvokeFunction", Principal="*")
