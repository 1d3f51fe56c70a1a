"""Signing out."""

from __future__ import annotations

from flask import Blueprint, g, redirect, url_for
from werkzeug.wrappers import Response

from compliance.services.account import sessions
from compliance.web import visits

blueprint = Blueprint("sign_out", __name__)


@blueprint.post("/sign-out")
def index() -> Response:
    """End the session; also one that has run out or lacks its second factor."""
    if g.visit is not None:
        sessions.sign_out(g.visit, now=visits.now())
    visits.drop()
    return redirect(url_for("sign_in.password"), code=303)
