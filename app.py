"""The product as a WSGI application (`app:create_app`), and as one command: `python app.py`."""

from __future__ import annotations

import sys

from compliance.config import BadSetting, load_settings
from compliance.embedded import serve
from compliance.factory import create_app

__all__ = ["create_app"]


def main() -> None:
    """Serve the embedded default: one process, SQLite unless told otherwise."""
    try:
        settings = load_settings()
        serve(settings)
    except BadSetting as problem:
        sys.exit(f"Cannot start: {problem}.")


if __name__ == "__main__":
    main()
