#!/bin/sh
set -e
# python3 report.py is another task
echo "starting; python3 report.py comes later"
export MODE=fast && exec env LEVEL=info python3 main.py "$@"
