"""A form that came too late: the session had ended, or its page was no longer valid. What was typed is given back."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from flask import make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

#: Texts shorter than this are boxes and numbers, which nobody minds typing again.
WORTH_KEEPING: Final = 20


def texts() -> list[str]:
    """The longer texts of the form that was sent from a page of this site; nothing of one sent from elsewhere."""
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        return []
    hidden = ("csrf_token", "key", "fingerprint", "password")
    values = [value for name, value in request.form.items(multi=True) if name not in hidden]
    return [value for value in values if len(value.strip()) >= WORTH_KEEPING]


def signed_out() -> Response:
    """For someone whose session ended while writing."""
    return _page(
        401,
        _("You were signed out"),
        _("Nothing was saved. What you typed stands below: copy it, sign in again and put it back."),
    )


def not_read() -> Response:
    """For a form of a page that is no longer valid."""
    return _page(
        400,
        _("This form could not be read"),
        _("It was sent from a page that is no longer valid. Your text stands below: copy it and open the page again."),
    )


def _page(code: int, title: str, text: str) -> Response:
    address = url_for("security.login", next=request.path) if code == 401 else request.path
    page = render_template("errors/unsent.html", title=title, text=text, texts=texts(), address=address, code=code)
    return make_response(page, code)
