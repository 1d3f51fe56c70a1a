"""A company's own feedback reports: what government released to it, to read and to fetch."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, current_app, render_template, request
from markupsafe import Markup

from compliance.domain.errors import NotFound
from compliance.domain.text import language_of
from compliance.reporting import Folders
from compliance.services.report.life import own
from compliance.web import language
from compliance.web.access import actor
from compliance.web.reports.part import heading_of
from compliance.web.reports.words import LAYOUTS as WORDS

blueprint = Blueprint("feedback", __name__, url_prefix="/feedback")

LAYOUTS = ("pdf", "docx", "xlsx", "csv", "json")


@blueprint.get("")
def index() -> str:
    """Every feedback report that was released to the company, newest first."""
    return render_template(
        "feedback/index.html", reports=own.listing(actor(), _folders()), layouts=LAYOUTS, words=WORDS
    )


@blueprint.get("/<int:report_id>")
def show(report_id: int) -> str:
    """One of them as it was released, in the language of the page or in the one that is asked for (`in`)."""
    shown_in = language_of(request.args.get("in") or language.selected())
    report, content = own.as_html(actor(), report_id, shown_in, _folders())
    fragment = Markup(content)  # noqa: S704  # nosec B704 - the renderer escaped all text
    return render_template(
        "feedback/show.html", report=report, title=heading_of(fragment), fragment=fragment, shown_in=shown_in
    )


@blueprint.get("/<int:report_id>/<shown_in>.<layout>")
def file(report_id: int, shown_in: str, layout: str) -> Response:
    """The stored file. Who took it is written down."""
    if shown_in not in ("en", "fr") or layout not in LAYOUTS:
        raise NotFound(layout)
    now = dt.datetime.now(dt.UTC)
    taken = own.take(actor(), report_id, language_of(shown_in), layout, _folders(), now=now)
    return Response(
        taken.content,
        content_type=taken.media_type,
        headers={"Content-Disposition": f'attachment; filename="{taken.name}"'},
    )


def _folders() -> Folders:
    folders: Folders = current_app.extensions["reports"]
    return folders
