import boto3

ec2 = boto3.client("ec2")


def handler(event, context):
    ec2.describe_instances(InstanceIds=event["instances"])
    change = getattr(ec2, event["action"] + "_instances")
    return change(InstanceIds=event["instances"])
