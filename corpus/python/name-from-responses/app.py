import boto3

sns = boto3.client("sns")
sqs = boto3.client("sqs")
dynamodb = boto3.client("dynamodb")


def handler(event, context):
    topic = sns.create_topic(Name="announced")["TopicArn"]
    sns.publish(TopicArn=topic, Message="x")
    url = sqs.create_queue(QueueName="created")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    arn = dynamodb.describe_table(TableName="described")["Table"]["TableArn"]
    dynamodb.list_tags_of_resource(ResourceArn=arn)
    for name in dynamodb.list_tables()["TableNames"]:
        dynamodb.describe_table(TableName=name)
    for found in sqs.list_queues().get("QueueUrls", []):
        sqs.get_queue_attributes(QueueUrl=found, AttributeNames=["All"])
