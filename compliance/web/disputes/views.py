"""What each service can do, in the company's words, and what government says to that."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid
from compliance.services.review import disputes, reviews
from compliance.web.access import actor
from compliance.web.disputes.forms import DisputeForm
from compliance.web.problems import attach, summary

blueprint = Blueprint("disputes", __name__, url_prefix="/companies/<slug>/<cycle>/review/functions")


@blueprint.get("")
def index(slug: str, cycle: str) -> str:
    """The profile as signed, every dispute about it, and the form for a new one."""
    return _page(slug, cycle, DisputeForm(formdata=None))


@blueprint.post("")
def write(slug: str, cycle: str) -> str | Response | tuple[str, int]:
    """Dispute one function of one service."""
    form = DisputeForm()
    try:
        if form.due_on.process_errors:
            raise Invalid(())
        row = disputes.write(actor(), slug, cycle, form.entry(), now=dt.datetime.now(dt.UTC))
    except Invalid as invalid:
        form.due_on.errors = list(form.due_on.process_errors)
        attach(form, invalid.problems)
        return _page(slug, cycle, form), 422
    if row.sent_at is None:
        flash(_("The dispute is written. It goes to the company when you return the assessment."))
    else:
        flash(_("The company is asked about the function, and the questions that follow are open to it."))
    return redirect(url_for("disputes.index", slug=slug, cycle=cycle), code=303)


@blueprint.post("/<int:number>/end")
def end(slug: str, cycle: str, number: int) -> Response:
    """Take back a dispute that stands: the company's word on the function counts again."""
    disputes.take_back(actor(), slug, cycle, number, now=dt.datetime.now(dt.UTC))
    flash(_("The dispute is taken back."))
    return redirect(url_for("disputes.index", slug=slug, cycle=cycle), code=303)


def _page(slug: str, cycle: str, form: DisputeForm) -> str:
    review = reviews.review_of(actor(), slug, cycle, now=dt.datetime.now(dt.UTC))
    return render_template(
        "disputes/index.html", found=disputes.functions_of(actor(), review), form=form, errors=summary(form)
    )
