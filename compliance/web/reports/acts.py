"""What moves a report on: each act has a page that says what it means, and a button."""

from __future__ import annotations

from typing import Final

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from compliance.domain.errors import Conflict, Invalid, NotAllowed
from compliance.domain.saving import Stamp
from compliance.services.report.life import approval, pages
from compliance.web.access import actor
from compliance.web.fields import stamp_of
from compliance.web.problems import attach, summary
from compliance.web.reports.forms import ReasonForm, stamp_fields
from compliance.web.reports.part import blueprint, folders, now
from compliance.web.reports.words import ACTS

Answered = str | Response | tuple[str, int]

DONE: Final = {
    "submit": lazy_gettext("The report is frozen and waits for approval by somebody else."),
    "take_back": lazy_gettext("The report is a draft again."),
    "approve": lazy_gettext("The report is approved. It can be released."),
    "send_back": lazy_gettext("The report was sent back to its author."),
    "release": lazy_gettext("The report is released."),
    "withdraw": lazy_gettext("The report is withdrawn."),
}


@blueprint.route("/<int:report_id>/submit", methods=["GET", "POST"])
def submit(report_id: int) -> Answered:
    """Freeze a draft and hand it over."""
    return _act(report_id, "submit")


@blueprint.route("/<int:report_id>/take-back", methods=["GET", "POST"])
def take_back(report_id: int) -> Answered:
    """The author goes on writing."""
    return _act(report_id, "take_back")


@blueprint.route("/<int:report_id>/approve", methods=["GET", "POST"])
def approve(report_id: int) -> Answered:
    """Somebody who wrote nothing in it approves it."""
    return _act(report_id, "approve")


@blueprint.route("/<int:report_id>/send-back", methods=["GET", "POST"])
def send_back(report_id: int) -> Answered:
    """Back to the author, with a reason."""
    return _act(report_id, "send_back")


@blueprint.route("/<int:report_id>/release", methods=["GET", "POST"])
def release(report_id: int) -> Answered:
    """Make the files and let readers have them."""
    return _act(report_id, "release")


@blueprint.route("/<int:report_id>/withdraw", methods=["GET", "POST"])
def withdraw(report_id: int) -> Answered:
    """Say that it no longer holds, or give a draft up."""
    return _act(report_id, "withdraw")


def _act(report_id: int, act: str) -> Answered:
    page = pages.report_page(actor(), report_id, folders())
    if not getattr(page.may, act):
        raise NotAllowed(f"{act} is not open to this person now")
    form = ReasonForm(data=stamp_fields(page.report.version))
    if not form.is_submitted():
        return _render(page, form, act)
    try:
        _do(report_id, act, form, stamp_of(form))
    except Invalid as invalid:
        attach(form, invalid.problems)
        return _render(page, form, act), 422
    except Conflict:
        page = pages.report_page(actor(), report_id, folders())
        form.version.data = str(page.report.version)
        form.form_errors = [_("The report was changed since you opened this page. Look at it again, then decide.")]
        return _render(page, form, act), 409
    flash(DONE[act])
    return redirect(url_for("reports.show", report_id=report_id), code=303)


def _do(report_id: int, act: str, form: ReasonForm, stamp: Stamp) -> None:
    person, moment = actor(), now()
    reason = form.reason.data or ""
    match act:
        case "submit":
            approval.submit(person, report_id, stamp, folders(), now=moment)
        case "take_back":
            approval.take_back(person, report_id, stamp, now=moment)
        case "approve":
            approval.approve(person, report_id, stamp, folders(), now=moment)
        case "send_back":
            approval.send_back(person, report_id, reason, stamp, now=moment)
        case "release":
            approval.release(person, report_id, form.unseen_reason.data or "", stamp, folders(), now=moment)
        case "withdraw":
            approval.withdraw(person, report_id, reason, stamp, now=moment)


def _render(page: pages.ReportPage, form: ReasonForm, act: str) -> str:
    return render_template(
        "reports/act.html", page=page, report=page.report, form=form, errors=summary(form), act=act, title=ACTS[act]
    )
