"""Answering off line: the workbook to take away and to bring back, and papers for colleagues and lawyers."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from compliance.domain.errors import Conflict, Invalid, NotAllowed
from compliance.reporting.answers import differences, load_words
from compliance.services.assessment import taking, workbooks
from compliance.web import language
from compliance.web.access import actor
from compliance.web.fields import whole_number
from compliance.web.papers import as_file, folders
from compliance.web.problems import attach, sentence, summary
from compliance.web.questions.views import address_of
from compliance.web.workbooks.forms import BringForm, SaveForm

#: A preview of thousands of changes shows the first of them in full; all are counted, and all are saved.
SHOWN = 100

blueprint = Blueprint("workbooks", __name__, url_prefix="/assessments/<cycle>/workbook")


@blueprint.route("", methods=["GET", "POST"])
def upload(cycle: str) -> str | Response | tuple[str, int]:
    """What the workbook is, and the form that brings it back."""
    form, status = BringForm(), 200
    if form.is_submitted():
        try:
            name, content = form.given
            reports = folders().reports
            workbooks.bring(actor(), cycle, name, content, reports, now=dt.datetime.now(dt.UTC))
            return redirect(url_for("workbooks.preview", cycle=cycle), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
            status = 422
    desk = workbooks.desk(actor(), cycle)
    return render_template("workbooks/index.html", desk=desk, form=form, errors=summary(form)), status


@blueprint.get("/<kind>.<layout>")
def file(cycle: str, kind: str, layout: str) -> FlaskResponse:
    """The workbook, the questionnaire or the draft, as a file in the language of the page."""
    part = whole_number(request.args.get("part")) or 1
    return as_file(taking.now(actor(), cycle, kind, layout, now=dt.datetime.now(dt.UTC), part=part), layout)


@blueprint.get("/preview")
def preview(cycle: str) -> str:
    """Every change that the waiting workbook would make."""
    return _preview(cycle, SaveForm())


@blueprint.post("/preview")
def save(cycle: str) -> str | Response | tuple[str, int]:
    """Save all of it, or nothing."""
    form, now = SaveForm(), dt.datetime.now(dt.UTC)
    if "discard" in request.form:
        workbooks.discard(actor(), cycle)
        return redirect(url_for("workbooks.upload", cycle=cycle), code=303)
    reports, mark = folders().reports, form.fingerprint.data or ""
    try:
        saved = workbooks.save(actor(), cycle, mark, reports, overwrite=form.overwrite.data, now=now)
    except (Conflict, Invalid):
        form.form_errors = [
            _("Nothing was saved. Look at the changes again: a colleague saved something, or a cell is refused.")
        ]
        return _preview(cycle, form), 409
    except NotAllowed:
        form.form_errors = [_("The assessment is no longer open for answers. Nothing was saved.")]
        return _preview(cycle, form), 409
    flash(ngettext("%(num)s answer is saved.", "%(num)s answers are saved.", saved))
    return redirect(url_for("assessments.tasks", cycle=cycle), code=303)


def _preview(cycle: str, form: SaveForm) -> str:
    reports, spoken = folders().reports, language.selected()
    found = workbooks.preview(actor(), cycle, reports, now=dt.datetime.now(dt.UTC))
    plan, words = found.plan, load_words(reports)
    form.fingerprint.data = plan.fingerprint
    return render_template(
        "workbooks/preview.html",
        found=found,
        plan=plan,
        form=form,
        errors=summary(form),
        shown=SHOWN,
        sentence=sentence,
        address_of=address_of,
        differences=lambda change: differences(change.before, change.after, plan.framework, words, spoken),
    )
