import boto3

boto3.client("lambda").create_function(
    FunctionName="worker",
    Role="arn:aws:iam::123456789012:role/worker",
    Code={"ZipFile": b""},
    Runtime="python3.13",
    Handler="app.handler",
)
