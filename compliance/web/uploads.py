"""How much a request may bring. Everything is kept small but the few pages that take a file."""

from __future__ import annotations

from typing import Final

from flask import Flask, request

#: Larger than the largest file that is taken, so that one too large is refused by name and the typed text stays.
UPLOAD_LIMIT: Final = 48 * 1024 * 1024

TAKES_FILES: Final = frozenset({"documents.index", "questions.company", "questions.service", "workbooks.upload"})


def install(app: Flask) -> None:
    """Let the pages that take files take them. Must come before whatever reads the form of a request."""

    @app.before_request
    def allow_uploads() -> None:
        if request.endpoint in TAKES_FILES:
            request.max_content_length = UPLOAD_LIMIT
