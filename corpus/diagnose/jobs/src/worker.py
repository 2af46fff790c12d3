import boto3

ecs = boto3.client("ecs")
logs = boto3.client("logs")
bedrock = boto3.client("bedrock-runtime")
kms = boto3.client("kms")
iam = boto3.client("iam")
athena = boto3.client("athena")


def main():
    ecs.run_task(cluster="jobs", taskDefinition="report")
    logs.put_log_events(logGroupName="/jobs/report", logStreamName="1", logEvents=[])
    bedrock.invoke_model(modelId="anthropic.claude-3-haiku-20240307-v1:0", body="{}")
    kms.decrypt(CiphertextBlob=b"", KeyId="arn:aws:kms:eu-west-1:111122223333:key/1234")
    iam.list_roles()
    athena.start_query_execution(QueryString="select 1", WorkGroup="primary")
