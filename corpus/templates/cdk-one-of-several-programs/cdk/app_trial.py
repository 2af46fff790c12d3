import aws_cdk as cdk
from aws_cdk import aws_lambda
from stack import WorkStack

app = cdk.App()
stack = WorkStack(app, "trial", prefix="trial")
aws_lambda.Function(
    stack,
    "Probe",
    runtime=aws_lambda.Runtime.PYTHON_3_13,
    handler="probe.handler",
    code=aws_lambda.Code.from_asset("work"),
)
app.synth()
