"""Files that a company takes away, as answers of the site."""

from __future__ import annotations

from flask import Response, current_app

from compliance.reporting import Folders
from compliance.reporting.answers import Taken, render_taken
from compliance.web import language

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def folders() -> Folders:
    """Where words, styles and fonts are."""
    found: Folders = current_app.extensions["reports"]
    return found


def as_file(taken: Taken, layout: str) -> Response:
    """A download in the language of the page; `layout` is one that `taken` has."""
    spoken = language.selected()
    places = folders()
    content = render_taken(taken, layout, spoken, places.reports, places.fonts)
    number = (str(taken.number),) if taken.number else ()
    name = "-".join((taken.company_slug, taken.cycle_slug, taken.kind, *number, spoken)) + f".{layout}"
    return Response(
        content,
        content_type=MEDIA_TYPES[layout],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
