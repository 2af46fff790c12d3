from aws_cdk import App, Duration, Stack, aws_lambda as lambda_


class Cron(Stack):
    def __init__(self, app: App, id: str) -> None:
        super().__init__(app, id)
        with open("clean-up.py", encoding="utf8") as file:
            code = file.read()
        lambda_.Function(
            self,
            "Clean",
            code=lambda_.InlineCode(code),
            handler="index.main",
            timeout=Duration.seconds(300),
            runtime=lambda_.Runtime.PYTHON_3_13,
        )
        lambda_.Function.from_function_name(self, "Other", "other")
        lambda_.Function(
            self,
            "Here",
            code=lambda_.Code.from_inline(
                "import boto3\ndef main(event, context):\n    boto3.client('sqs').purge_queue(QueueUrl='https://sqs.eu-west-1.amazonaws.com/123456789012/q')\n"
            ),
            handler="index.main",
            runtime=lambda_.Runtime.PYTHON_3_13,
        )


app = App()
Cron(app, "Cron")
app.synth()
