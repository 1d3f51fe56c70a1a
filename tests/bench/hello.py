"""A bare Flask route in its own waitress process: what every figure is compared with."""

from __future__ import annotations

import sys

import waitress
from flask import Flask

app = Flask("hello")


@app.get("/")
def hello() -> str:
    return "hello, world"


if __name__ == "__main__":
    waitress.serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=8)
