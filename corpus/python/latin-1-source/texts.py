# -*- coding: latin-1 -*-
GREETING = "Grüße"


def greet(name):
    return f"{GREETING}, {name}"
