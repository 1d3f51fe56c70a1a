"""The audit trail: who did what, filtered by person, kind, record and day, and the same as a file."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask_babel import gettext as _

from compliance.domain.errors import NotFound
from compliance.services.audit import trail
from compliance.services.audit.trail import Which
from compliance.web.access import actor
from compliance.web.audit.words import NOUNS, action_words
from compliance.web.fields import clean, whole_number

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

FIELDS = ("person", "noun", "subject", "since", "until")
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/x-ndjson"}


@blueprint.get("")
def index() -> str:
    """One page of events, newest first; the filters are in the address."""
    typed = _typed()
    which, errors = _which(typed)
    found = trail.trail(actor(), which, before_id=whole_number(request.args.get("before")) or None)
    return render_template(
        "audit/index.html",
        found=found,
        typed=typed,
        errors=errors,
        error_title=bool(errors),
        action_words=action_words,
        nouns=NOUNS,
    )


@blueprint.get("/trail.<form>")
def file(form: str) -> Response:
    """All events that fit the filter, as CSV or as one JSON object per line."""
    if form not in TYPES:
        raise NotFound(form)
    which, errors = _which(_typed())
    if errors:
        raise NotFound(form)
    lines = trail.export(actor(), which, form, now=dt.datetime.now(dt.UTC))
    headers = {"Content-Disposition": f'attachment; filename="audit-trail.{form}"'}
    return Response(stream_with_context(lines), content_type=TYPES[form], headers=headers)


def _typed() -> dict[str, str]:
    return {name: clean(request.args.get(name))[:100] for name in FIELDS}


def _which(typed: dict[str, str]) -> tuple[Which, list[dict[str, str]]]:
    """The filter, and an error for each day that is none: it is then left out."""
    days: dict[str, dt.datetime | None] = {}
    errors = []
    for name in ("since", "until"):
        try:
            days[name] = _start_of(typed[name]) if typed[name] else None
        except ValueError:
            days[name] = None
            errors.append({"text": _("Enter a day such as 2026-09-30"), "href": f"#{name}"})
    until = days["until"] + dt.timedelta(days=1) if days["until"] else None
    return Which(typed["person"], typed["noun"], typed["subject"], days["since"], until), errors


def _start_of(day: str) -> dt.datetime:
    found = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), dt.UTC)
    if not dt.date(1970, 1, 1) <= found.date() <= dt.date(2999, 12, 31):
        raise ValueError(day)
    return found
