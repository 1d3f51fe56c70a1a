"""Where a person may be sent to after signing in: a page of this site, and nowhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request, url_for


def local(target: str | None) -> str | None:
    """`target` when it is a path of this site; None for everything else, however it is written."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if "\\" in target or any(ord(character) < 33 or ord(character) == 127 for character in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return target if not parts.scheme and not parts.netloc else None


def onward() -> str:
    """The page that the person wanted to see, or the first page."""
    return local(request.args.get("next")) or url_for("home.index")


def wanted() -> str | None:
    """The page that the person wanted to see, to be carried along; None without one."""
    return local(request.args.get("next"))
