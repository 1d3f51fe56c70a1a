"""Pages for what can go wrong."""

from __future__ import annotations

from typing import Final

import structlog
from flask import Flask, Response, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from compliance.domain.errors import Conflict, Denied, Invalid, NotAllowed, NotFound, TooMany, Unavailable
from compliance.web import unsent

log = structlog.get_logger(__name__)

TYPED_LIMIT: Final = 20_000  # characters of one field


def install(app: Flask) -> None:
    """Turn every expected error into a page in the reader's language."""
    app.register_error_handler(NotFound, lambda _error: _page(404))
    app.register_error_handler(Denied, lambda _error: _page(403))
    app.register_error_handler(NotAllowed, lambda _error: _page(409))
    app.register_error_handler(Conflict, lambda _error: _page(409))
    app.register_error_handler(Invalid, lambda _error: _page(422))  # views with a form say it beside the field
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(Unavailable, lambda _error: _page(503))
    app.register_error_handler(CSRFError, lambda _error: unsent.not_read() if unsent.texts() else _page(400))
    app.register_error_handler(HTTPException, _http)


def _http(error: HTTPException) -> HTTPException | Response | tuple[str, int]:
    if error.code is None or error.code < 400:
        return error  # a redirect
    if isinstance(error, SecurityError):
        # A host that is not ours: without a host that is, no page of ours can be drawn, and no name is repeated.
        return Response("400 Bad Request\n", 400, mimetype="text/plain")
    return _page(error.code)


def _too_many(error: TooMany) -> tuple[str, int, dict[str, str]]:
    page, code = _page(429)
    return page, code, {"Retry-After": str(max(1, int(error.wait.total_seconds())))}


def _note_refusal(code: int) -> None:
    """Write down who was refused what: the route and the account, never an address or what was typed."""
    actor = g.get("actor")
    if code in (400, 403, 404, 429) and actor is not None and request.endpoint:
        log.warning("request.refused", status=code, route=request.endpoint, method=request.method, user=actor.user_id)


def _page(code: int) -> tuple[str, int]:
    _note_refusal(code)
    title, text = {
        400: (
            _("This form could not be read"),
            _("It was sent from a page that is no longer valid. Go back, reload the page and send it again."),
        ),
        403: (_("This is not open to you"), _("Your role does not include this page. Ask the lead of your team.")),
        404: (_("Page not found"), _("There is no such page, or it belongs to someone else.")),
        409: (
            _("This cannot be done now"),
            _("The record has changed, or its state does not allow it. Go back and look at it again."),
        ),
        413: (_("Too much at once"), _("What was sent is larger than this page accepts.")),
        503: (
            _("The documents cannot be reached now"),
            _("The store that keeps documents does not answer. Nothing is lost. Try again in a few minutes."),
        ),
        422: (
            _("This cannot be saved"),
            _("Something in it is not one of the choices of the page. Go back, reload the page and try again."),
        ),
        429: (_("Too many tries"), _("Wait a moment and try again.")),
    }.get(code, (_("Something went wrong"), _("It was not your fault, and it was recorded. Nothing was half saved.")))
    return render_template("errors/error.html", title=title, text=text, code=code, typed=_typed()), code


def _typed() -> list[str]:
    """What the person typed into the form that was refused: it stands on the page, so that it is never lost.

    Hidden fields, choices and numbers are not worth keeping, and a secret is not to be shown.
    """
    if request.method != "POST" or (request.blueprint or "").startswith("security"):
        return []
    try:
        fields = list(request.form.items(multi=True))
    except RequestEntityTooLarge:  # refused before anybody read it, or because of it
        return []
    secret = ("csrf_token", "password", "code", "token")
    return [
        text
        for name, text in fields
        if not any(word in name.lower() for word in secret) and len(text) <= TYPED_LIMIT and len(text.split()) > 1
    ]
