import json

CONFIG = {
    "storage": {"bucket": "configured", "prefixes": ["in", "out"]},
    "tables": {"orders": {"name": "configured-orders"}},
}
DEFAULTS = json.loads('{"queue": "configured-queue", "nested": {"topic": "configured-topic"}}')
