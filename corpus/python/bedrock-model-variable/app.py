import os

import boto3

bedrock = boto3.client("bedrock-runtime")
MODEL = os.environ["MODEL_ID"]
REGIONS = os.environ["PROFILE_REGIONS"]


def answer(question):
    messages = [{"role": "user", "content": [{"text": question}]}]
    return bedrock.converse(modelId=MODEL, messages=messages)


def stream(question):
    messages = [{"role": "user", "content": [{"text": question}]}]
    return bedrock.converse_stream(
        modelId=f"{REGIONS}.anthropic.claude-sonnet-4-20250514-v1:0", messages=messages
    )
