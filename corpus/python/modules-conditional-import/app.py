try:
    import ujson as json
except ImportError:
    import json

try:
    from fast_store import put
except ImportError:
    from slow_store import put

import sys

if sys.version_info >= (3, 8):
    import new_names as names
else:
    import old_names as names


def handler(event, context):
    from late import finish

    put(names.KEY, json.dumps({}))
    finish()
