import subprocess
import sys


def run(*command):
    return subprocess.run([sys.executable, "-c", "print('aws s3 rb s3://logs')", *command], check=True)


def handler(event, context):
    client = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE)
    client.send_signal(0)
    client.communicate(b"aws dynamodb delete-table --table-name orders")
    run("aws", "iam", "create-user")
    return client.returncode
