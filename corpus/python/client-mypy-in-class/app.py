from dataclasses import dataclass

from mypy_boto3_dynamodb import DynamoDBServiceResource
from mypy_boto3_lambda import LambdaClient
from mypy_boto3_sqs.service_resource import Queue


@dataclass
class Services:
    functions: LambdaClient
    dynamodb: DynamoDBServiceResource
    queue: Queue

    def run(self):
        self.functions.invoke(FunctionName="annotated")
        self.dynamodb.Table("annotated").get_item(Key={"id": "1"})
        self.queue.send_message(MessageBody="x")
