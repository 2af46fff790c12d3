import os
import sys

sys.path.append(os.path.join(os.path.dirname(__file__), "vendor_lib"))

from keep import keep


def handler(event, context):
    keep("kept")
