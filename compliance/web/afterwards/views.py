"""After signing: amend, withdraw, and what an amendment changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid
from compliance.reporting.answers import differences, load_words
from compliance.services.assessment import afterwards
from compliance.services.assessment.afterwards import Amendment
from compliance.web import language
from compliance.web.access import actor
from compliance.web.afterwards.forms import WithdrawForm
from compliance.web.papers import folders
from compliance.web.problems import attach, summary

blueprint = Blueprint("afterwards", __name__)


@blueprint.route("/assessments/<cycle>/after", methods=["GET", "POST"])
def index(cycle: str) -> str | Response | tuple[str, int]:
    """What can be done with what was submitted."""
    form, now, status = WithdrawForm(), dt.datetime.now(dt.UTC), 200
    act = _acts(form, now).get(request.form.get("act", ""))
    if act is not None and form.is_submitted():
        try:
            act(cycle)
            return redirect(url_for("assessments.tasks", cycle=cycle), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
            status = 422
    options = afterwards.options(actor(), cycle)
    return render_template("afterwards/index.html", options=options, form=form, errors=summary(form)), status


def _acts(form: WithdrawForm, now: dt.datetime) -> dict[str, Callable[[str], None]]:
    def amend(cycle: str) -> None:
        afterwards.amend(actor(), cycle, now=now)
        flash(_("You can change the answers. Government sees what you signed until you sign again."))

    def withdraw(cycle: str) -> None:
        afterwards.withdraw(actor(), cycle, form.reason.data or "", now=now)
        flash(_("The submission is withdrawn."))

    def draft(cycle: str) -> None:
        afterwards.draft_again(actor(), cycle, now=now)
        flash(_("The answers are a draft again."))

    return {"amend": amend, "withdraw": withdraw, "draft": draft}


@blueprint.get("/assessments/<cycle>/receipts/<int:number>/changes")
def changes(cycle: str, number: int) -> str:
    """What one of the company's submissions changed in the one before."""
    return _changes(
        afterwards.amendment(actor(), cycle, number), url_for("assessments.receipt", cycle=cycle, number=number)
    )


@blueprint.get("/companies/<slug>/<cycle>/changes/<int:number>")
def shown_changes(slug: str, cycle: str, number: int) -> str:
    """What a submission that is shared with the government changed in the one before."""
    found = afterwards.shown_amendment(actor(), slug, cycle, number, now=dt.datetime.now(dt.UTC))
    return _changes(found, url_for("reviews.index", slug=slug, cycle=cycle))


def _changes(found: Amendment, back: str) -> str:
    words, spoken = load_words(folders().reports), language.selected()
    return render_template(
        "afterwards/changes.html",
        found=found,
        address=back,
        differences=lambda item: differences(item.before, item.after, found.framework, words, spoken),
    )
