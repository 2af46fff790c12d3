"""Runs one Python sample application as its `[run]` table says, in the current directory.

Takes the table as JSON in the environment variable PERM_INFER_RUN. Ends with an error if a call
fails that should not, or the other way round.
"""

import asyncio
import importlib
import inspect
import json
import os
import runpy
import sys
import traceback


def call(function, arguments):
    result = function(*arguments)
    if inspect.isawaitable(result):

        async def wait():
            return await result

        asyncio.run(wait())


def main():
    run = json.loads(os.environ["PERM_INFER_RUN"])
    sys.path.insert(0, os.getcwd())
    if script := run.get("script"):
        runpy.run_path(script, run_name="__main__")
    for step in run.get("call", []):
        file, name = step["function"].split(":")
        module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
        try:
            call(getattr(module, name), json.loads(step.get("args", "[]")))
        except Exception:
            if not step.get("raises"):
                raise
            traceback.print_exc()
        else:
            if step.get("raises"):
                sys.exit(f"{step['function']} should have failed")


main()
