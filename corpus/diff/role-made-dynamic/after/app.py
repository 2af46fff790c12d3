import boto3

boto3.client("lambda").create_function(
    FunctionName="worker",
    Role=open("role").read(),
    Code={"ZipFile": b""},
    Runtime="python3.13",
    Handler="app.handler",
)
