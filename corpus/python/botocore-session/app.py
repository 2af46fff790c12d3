import botocore.session
from botocore.config import Config

session = botocore.session.get_session()
logs = session.create_client("logs", config=Config(retries={"max_attempts": 2}))


def handler(event, context):
    logs.create_log_stream(logGroupName="/shop/audit", logStreamName=event["shop"])
    logs.put_log_events(
        logGroupName="/shop/audit",
        logStreamName=event["shop"],
        logEvents=[{"timestamp": event["time"], "message": event["text"]}],
    )
