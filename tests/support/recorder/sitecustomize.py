"""Records the API operations that botocore performs; Python loads this module by itself.

Every operation that a client sends is appended to the file named by PERM_INFER_RECORD, one
`service:Operation` a line, in the notation of corpus/README.md. Works below boto3 and aioboto3, so
paginators, waiters, transfers and resources are seen as what they perform. Requests to anything but
the local moto server are sent there, whatever URL the application names.
"""

import os
from urllib.parse import urlsplit, urlunsplit

import botocore.session

_FILE = os.environ["PERM_INFER_RECORD"]
_SERVER = urlsplit(os.environ["AWS_ENDPOINT_URL"])


def _record(model, **_):
    service = model.service_model.service_id.lower().replace(" ", "").replace("-", "")
    with open(_FILE, "a", encoding="utf-8") as file:
        file.write(f"{service}:{model.name}\n")


def _stay_local(request, **_):
    url = urlsplit(request.url)
    if url.netloc != _SERVER.netloc:
        request.url = urlunsplit(url._replace(scheme=_SERVER.scheme, netloc=_SERVER.netloc))


_make = botocore.session.Session.__init__


def _make_and_listen(self, *args, **kwargs):
    _make(self, *args, **kwargs)
    self.register("before-call", _record)
    self.register("before-send", _stay_local)


botocore.session.Session.__init__ = _make_and_listen
