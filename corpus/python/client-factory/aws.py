"""One client per service for the whole process."""

import boto3

_session = boto3.session.Session()
_clients = {}


def get_client(service):
    if service not in _clients:
        _clients[service] = _session.client(service)
    return _clients[service]
