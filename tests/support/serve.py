"""moto's server on a free port of the loopback interface, driven over stdin.

Prints its address, then answers one JSON request a line with one JSON answer a line:
`{"reset": true}` empties the account; `{"operation": "sqs:CreateQueue", "params": {...}}` performs
an operation (notation of corpus/README.md) and answers with its response. Ends when stdin ends, so
that it cannot outlive the test that started it.
"""

import json
import logging
import sys
import urllib.request

import boto3
from moto.server import ThreadedMotoServer

# Services whose boto3 name is not the service id in lower case without spaces and hyphens.
BOTO3_NAMES = {
    "cloudwatchevents": "events",
    "cloudwatchlogs": "logs",
    "cognitoidentity": "cognito-identity",
    "cognitoidentityprovider": "cognito-idp",
    "eventbridge": "events",
    "sfn": "stepfunctions",
}


def perform(endpoint, operation, params):
    service, name = operation.split(":")
    client = boto3.client(BOTO3_NAMES.get(service, service), endpoint_url=endpoint)
    methods = client.meta.method_to_api_mapping
    method = next((method for method, api in methods.items() if api == name), None)
    if method is None:
        raise ValueError(f"{service} has no operation {name}")
    return getattr(client, method)(**params)


def answer(endpoint, request):
    if request.get("reset"):
        urllib.request.urlopen(f"{endpoint}/moto-api/reset", data=b"").read()
        return {}
    return perform(endpoint, request["operation"], request["params"])


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    print(endpoint, flush=True)
    for line in sys.stdin:
        try:
            result = {"ok": answer(endpoint, json.loads(line))}
        except Exception as error:
            result = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(result, default=str), flush=True)
    server.stop()


main()
