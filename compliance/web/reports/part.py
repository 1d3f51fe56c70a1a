"""What all pages of reports share."""

from __future__ import annotations

import datetime as dt
import re

from flask import Blueprint, current_app, request
from markupsafe import Markup

from compliance.domain.text import Language, language_of
from compliance.reporting import Folders
from compliance.web import language

_HEADING = re.compile("<h1[^>]*>(.*?)</h1>", re.DOTALL)

blueprint = Blueprint("reports", __name__, url_prefix="/reports")


def folders() -> Folders:
    """Where outlines, styles and fonts are."""
    found: Folders = current_app.extensions["reports"]
    return found


def heading_of(fragment: Markup) -> Markup:
    """The heading of a report that was laid out as a page: the page's title begins with it."""
    found = _HEADING.search(fragment)
    return Markup(found.group(1).strip()) if found else Markup()  # noqa: S704  # nosec B704 - it is escaped already


def now() -> dt.datetime:
    """The moment of this request."""
    return dt.datetime.now(dt.UTC)


def wanted_language() -> Language:
    """The language of the report that is asked for (`in`), which need not be that of the page."""
    return language_of(request.args.get("in") or language.selected())
