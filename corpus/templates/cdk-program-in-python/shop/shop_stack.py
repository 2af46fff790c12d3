from aws_cdk import Stack, aws_dynamodb as dynamodb, aws_lambda as _lambda
from aws_cdk import aws_kinesis as kinesis, aws_secretsmanager as secretsmanager
from aws_cdk.aws_lambda_event_sources import DynamoEventSource, KinesisEventSource
from constructs import Construct


class Worker(Construct):
    def __init__(self, scope: Construct, id: str, *, table: dynamodb.ITable, secret_name: str) -> None:
        super().__init__(scope, id)
        secret = secretsmanager.Secret.from_secret_name_v2(self, "Token", secret_name)
        self.function = _lambda.Function(
            self,
            "Handler",
            runtime=_lambda.Runtime.PYTHON_3_13,
            code=_lambda.Code.from_asset("lambda"),
            handler="worker.handler",
            environment={"TABLE": table.table_name, "SECRET": secret.secret_arn},
        )
        self.function.add_event_source(
            DynamoEventSource(table, starting_position=_lambda.StartingPosition.LATEST)
        )


class ShopStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)
        table = dynamodb.Table(
            self,
            "Items",
            table_name=f"items-{self.region}",
            partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
            stream=dynamodb.StreamViewType.NEW_IMAGE,
        )
        stream = kinesis.Stream(self, "Clicks", stream_name="clicks")
        worker = Worker(self, "Worker", table=table, secret_name="worker/token")
        worker.function.add_event_source(
            KinesisEventSource(stream, starting_position=_lambda.StartingPosition.LATEST)
        )
