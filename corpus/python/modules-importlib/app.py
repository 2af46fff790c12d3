import importlib
from importlib import import_module

PLUGINS = ["plugins.first", "plugins.second"]


def handler(event, context):
    for name in PLUGINS:
        importlib.import_module(name).run()
    module = import_module("plugins.third")
    getattr(module, "run")()
