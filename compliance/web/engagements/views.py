"""Meetings with a company: the list, and one meeting to write down or change."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.engagements import ASKS_LIMIT, Outcome
from compliance.domain.errors import Conflict, Denied, Invalid
from compliance.services.review import engagements
from compliance.services.review.engagements import Engagements
from compliance.web.access import actor
from compliance.web.engagements.forms import EngagementForm
from compliance.web.fields import stamp_of
from compliance.web.problems import attach, summary

blueprint = Blueprint("engagements", __name__, url_prefix="/companies/<slug>/<cycle>/meetings")

Answered = str | Response | tuple[str, int]


@blueprint.get("")
def index(slug: str, cycle: str) -> str:
    """The meetings of one's own government with the company, newest first."""
    found = engagements.engagement_list(actor(), slug, cycle, now=dt.datetime.now(dt.UTC))
    return render_template("engagements/index.html", found=found, outcome_word=outcome_word)


@blueprint.route("/new", methods=["GET", "POST"])
def new(slug: str, cycle: str) -> Answered:
    """Write down a meeting."""
    found = engagements.engagement_list(actor(), slug, cycle, now=dt.datetime.now(dt.UTC))
    return _edit(found, None, EngagementForm(data={"key": request.form.get("key") or secrets.token_hex(8)}))


@blueprint.route("/<int:number>", methods=["GET", "POST"])
def show(slug: str, cycle: str, number: int) -> Answered:
    """Read or change what was written."""
    found, row = engagements.engagement_page(actor(), slug, cycle, number, now=dt.datetime.now(dt.UTC))
    names = ("held_on", "met", "brief_used", "summary", "follow_up", "follow_up_on", "followed_up_on")
    stored = {name: getattr(row, name) for name in names}
    stored["asks"] = [
        {"text": ask.text, "answer": ask.answer, "outcome": ask.outcome, "question": engagements.question_of(ask)}
        for ask in row.asks
    ]
    stored |= {"version": str(row.version), "key": request.form.get("key") or secrets.token_hex(8)}
    return _edit(found, number, EngagementForm(data=stored))


def _edit(found: Engagements, number: int | None, form: EngagementForm) -> Answered:
    if not found.may_edit and form.is_submitted():
        raise Denied("this role writes down no meeting")
    if not form.is_submitted() or "add_ask" in request.form:
        return _page(found, number, form)
    slug, cycle = found.view.company.slug, found.view.cycle.slug
    try:
        if form.unreadable():
            raise Invalid(())
        engagements.save(actor(), slug, cycle, form.entry(), stamp_of(form), now=dt.datetime.now(dt.UTC), id_=number)
    except Invalid as invalid:
        attach(form, [replace(item, field=_on_page(form, item.field)) for item in invalid.problems])
        return _page(found, number, form), 422
    except Conflict as conflict:
        form.version.data = str(conflict.version)
        return _page(found, number, form, conflict=True), 409
    flash(_("The meeting is written down."))
    return redirect(url_for("engagements.index", slug=slug, cycle=cycle), code=303)


def _on_page(form: EngagementForm, field: str) -> str:
    name, _dot, rest = field.partition(".")
    if name != "asks" or not rest:
        return field
    number, _dot, part = rest.partition(".")
    return f"asks.{form.row_of(int(number))}.{part}"


def _page(found: Engagements, number: int | None, form: EngagementForm, *, conflict: bool = False) -> str:
    if len(form.asks.entries) < ASKS_LIMIT:
        form.asks.append_entry()
    theirs = next((item for item in found.items if item.id == number), None)
    return render_template(
        "engagements/edit.html",
        found=found,
        number=number,
        form=form,
        errors=summary(form),
        conflict=conflict,
        theirs=theirs,
        outcomes=[(item.value, outcome_word(item)) for item in Outcome],
        questions=_questions(found),
        came=[item for item in found.commitments if item.engagement_id == number],
    )


def _questions(found: Engagements) -> list[tuple[str, str]]:
    """What an ask can be about: every question that applies to the company in the cycle."""
    view = found.view
    severities = view.framework.rules.severity_by_id
    return [
        (
            f"{row.service.slug if row.service else ''}/{row.indicator_id}",
            f"{row.indicator_id} {row.service.name if row.service else ''}".strip(),
        )
        for row in view.results
        if severities[row.severity].kind != "outside"
    ]


def outcome_word(outcome: str) -> str:
    """The word for what was answered to an ask."""
    words: dict[Outcome, str] = {
        Outcome.AGREED: _("Agreed"),
        Outcome.PARTLY: _("Agreed in part"),
        Outcome.DECLINED: _("Declined"),
        Outcome.OPEN: _("Left open"),
    }
    return words[Outcome(outcome)]
