"""The engagement brief on a company, as a page and as files."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, current_app, render_template
from markupsafe import Markup

from compliance.domain.errors import NotFound
from compliance.domain.permissions import Permission, could_ever
from compliance.reporting import FORMATS, Folders
from compliance.services.report import briefs
from compliance.services.report.briefs import Brief
from compliance.web import language
from compliance.web.access import actor

FILES = ("pdf", "docx", "xlsx", "csv", "json")

blueprint = Blueprint("briefs", __name__, url_prefix="/companies/<slug>/<cycle>/brief")


@blueprint.get("")
def show(slug: str, cycle: str) -> str:
    """The brief as a page, in the language of the page."""
    brief = _brief(slug, cycle)
    fragment = Markup(briefs.as_html(brief, _folders()))  # noqa: S704  # nosec B704 - the renderer escapes all text
    return render_template(
        "briefs/show.html", brief=brief, fragment=fragment, may_write=could_ever(actor(), Permission.REPORT_WRITE)
    )


@blueprint.get("/brief.<layout>")
def file(slug: str, cycle: str, layout: str) -> Response:
    """The same brief as a file."""
    if layout not in FILES:
        raise NotFound(layout)
    now = dt.datetime.now(dt.UTC)
    name, content = briefs.take(actor(), slug, cycle, language.selected(), layout, _folders(), now=now)
    return Response(
        content,
        content_type=FORMATS[layout].media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _brief(slug: str, cycle: str) -> Brief:
    now = dt.datetime.now(dt.UTC)
    return briefs.company_brief(actor(), slug, cycle, language.selected(), _folders(), now=now)


def _folders() -> Folders:
    folders: Folders = current_app.extensions["reports"]
    return folders
