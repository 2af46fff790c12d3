import aws_cdk as cdk
from stack import WorkStack

app = cdk.App()
WorkStack(app, "work", prefix="live")
app.synth()
