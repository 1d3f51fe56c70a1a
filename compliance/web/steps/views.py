"""What moves a review on: return, read on, share the findings, conclude, reopen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid, NotFound
from compliance.services.review import bench, clarifications, replies, reviews
from compliance.web.access import actor
from compliance.web.problems import attach, summary
from compliance.web.reviews.forms import StepForm

blueprint = Blueprint("steps", __name__, url_prefix="/companies/<slug>/<cycle>/review/steps")


@blueprint.get("")
def index(slug: str, cycle: str) -> str:
    """Where the review stands, and what can happen next."""
    return _page(slug, cycle, StepForm(formdata=None))


@blueprint.post("")
def take(slug: str, cycle: str) -> str | Response | tuple[str, int]:
    """Take one step."""
    form, now = StepForm(), dt.datetime.now(dt.UTC)
    step = _STEPS.get(request.form.get("act", ""))
    if step is None:
        raise NotFound(slug)
    try:
        if form.reply_due_on.process_errors:
            raise Invalid(())
        flash(step(slug, cycle, form, now))
    except Invalid as invalid:
        form.reply_due_on.errors = list(form.reply_due_on.process_errors)
        attach(form, invalid.problems)
        return _page(slug, cycle, form), 422
    return redirect(url_for("steps.index", slug=slug, cycle=cycle), code=303)


def _return(slug: str, cycle: str, _form: StepForm, now: dt.datetime) -> str:
    clarifications.give_back(actor(), slug, cycle, now=now)
    return str(_("The assessment is returned. Only the answers that you asked about are open to the company."))


def _recall(slug: str, cycle: str, _form: StepForm, now: dt.datetime) -> str:
    clarifications.recall(actor(), slug, cycle, now=now)
    return str(_("The open questions are taken back. The assessment is under review again."))


def _share(slug: str, cycle: str, form: StepForm, now: dt.datetime) -> str:
    replies.share(actor(), slug, cycle, form.reply_due_on.data, now=now)
    return str(_("The findings are shared with the company."))


def _conclude(slug: str, cycle: str, _form: StepForm, now: dt.datetime) -> str:
    replies.conclude(actor(), slug, cycle, now=now)
    return str(_("The assessment is concluded."))


def _reopen(slug: str, cycle: str, form: StepForm, now: dt.datetime) -> str:
    replies.reopen(actor(), slug, cycle, form.reason.data or "", now=now)
    return str(_("The assessment is open again."))


_STEPS: dict[str, Callable[[str, str, Any, dt.datetime], str]] = {
    "return": _return,
    "recall": _recall,
    "share": _share,
    "conclude": _conclude,
    "reopen": _reopen,
}


def _page(slug: str, cycle: str, form: StepForm) -> str:
    review = reviews.review_of(actor(), slug, cycle, now=dt.datetime.now(dt.UTC))
    steps = bench.steps_of(actor(), review, now=dt.datetime.now(dt.UTC))
    return render_template("steps/index.html", review=review, steps=steps, form=form, errors=summary(form))
