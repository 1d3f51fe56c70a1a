"""What all pages of reports share."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, current_app, request

from compliance.domain.text import Language, language_of
from compliance.reporting import Folders
from compliance.web import language

blueprint = Blueprint("reports", __name__, url_prefix="/reports")


def folders() -> Folders:
    """Where outlines, styles and fonts are."""
    found: Folders = current_app.extensions["reports"]
    return found


def now() -> dt.datetime:
    """The moment of this request."""
    return dt.datetime.now(dt.UTC)


def wanted_language() -> Language:
    """The language of the report that is asked for (`in`), which need not be that of the page."""
    return language_of(request.args.get("in") or language.selected())
