"""What public sources say about the own company, how it corrects that, and how staff decide."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Conflict, Invalid
from compliance.services.review import corrections
from compliance.web.access import actor
from compliance.web.corrections.forms import CorrectionForm, DecisionForm
from compliance.web.fields import whole_number
from compliance.web.problems import attach, summary

blueprint = Blueprint("corrections", __name__)

Page = str | Response | tuple[str, int]


@blueprint.get("/public-record")
def own() -> str:
    """The facts kept about the own company, with every correction."""
    page = whole_number(request.args.get("page")) or 1
    return render_template("corrections/own.html", found=corrections.own_records(actor(), page=page))


@blueprint.route("/public-record/<int:record>/correction", methods=["GET", "POST"])
def propose(record: int) -> Page:
    """Say how a fact about the own company should read, and why."""
    fact = corrections.own_record(actor(), record)
    form = CorrectionForm(data={"statement": fact.statement})
    conflict = False
    if form.is_submitted():
        try:
            corrections.propose(actor(), record, form.entry(), now=dt.datetime.now(dt.UTC))
            flash(_("The correction is proposed; staff of your lead country decide on it."))
            return redirect(url_for("corrections.own"), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
        except Conflict:
            conflict = True
    page = render_template("corrections/propose.html", record=fact, form=form, errors=summary(form), conflict=conflict)
    return (page, 409 if conflict else 422) if form.is_submitted() else page


@blueprint.route("/corrections/<int:correction>", methods=["GET", "POST"])
def decide(correction: int) -> Page:
    """Accept or refuse a correction, with a reason."""
    page, form, conflict = corrections.decision_page(actor(), correction), DecisionForm(), False
    if form.is_submitted():
        try:
            corrections.decide(actor(), correction, form.decision(), now=dt.datetime.now(dt.UTC))
            flash(_("The decision is saved; the company reads it."))
            return redirect(url_for("public_record.index", slug=page.record.company.slug), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
        except Conflict:
            conflict = True
    shown = render_template("corrections/decide.html", page=page, form=form, errors=summary(form), conflict=conflict)
    return (shown, 409 if conflict else 422) if form.is_submitted() else shown
