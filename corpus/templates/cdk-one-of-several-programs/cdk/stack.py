from aws_cdk import Stack, aws_lambda, aws_sqs
from constructs import Construct


class WorkStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, *, prefix: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)
        jobs = aws_sqs.Queue(self, "Jobs", queue_name=f"{prefix}-jobs"[-80:])
        worker = aws_lambda.Function(
            self,
            "Worker",
            runtime=aws_lambda.Runtime.PYTHON_3_13,
            handler="app.handler",
            code=aws_lambda.Code.from_asset("work"),
        )
        aws_lambda.CfnEventSourceMapping(
            self,
            "WorkerJobs",
            function_name=worker.function_arn,
            event_source_arn=jobs.queue_arn,
            batch_size=1,
        )
