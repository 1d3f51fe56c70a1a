"""The company's side of the exchange: what government asked about its answers, and what it found."""

from __future__ import annotations

import datetime as dt
import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from compliance.domain.errors import Conflict, Invalid
from compliance.services.review import clarifications, replies
from compliance.services.review.clarifications import OwnQuestion
from compliance.services.review.replies import SharedFinding
from compliance.web.access import actor
from compliance.web.exchange.forms import FindingReplyForm, QuestionReplyForm
from compliance.web.fields import stamp_of
from compliance.web.problems import attach, summary

blueprint = Blueprint("exchange", __name__, url_prefix="/assessments/<cycle>")

Answered = str | Response | tuple[str, int]


@blueprint.get("/questions")
def questions(cycle: str) -> str:
    """What government asked about single answers: the open questions, and those of earlier rounds."""
    found = clarifications.own_questions(actor(), cycle)
    return render_template("exchange/questions.html", found=found, address_of=question_address)


@blueprint.route("/questions/<int:number>", methods=["GET", "POST"])
def question(cycle: str, number: int) -> Answered:
    """One question, with the company's words to it."""
    found, item = clarifications.own_question(actor(), cycle, number)
    form = _question_form(item)
    if not form.is_submitted():
        return _question(found, item, form)
    try:
        clarifications.reply(actor(), cycle, number, form.given(), stamp_of(form), now=dt.datetime.now(dt.UTC))
    except Invalid as invalid:
        attach(form, invalid.problems)
        return _question(found, item, form), 422
    except Conflict:
        found, item = clarifications.own_question(actor(), cycle, number)
        form.version.data = str(item.row.version)
        return _question(found, item, form, conflict=True), 409
    flash(_("Your reply is saved. Government reads it once the assessment is signed again."))
    return redirect(url_for("exchange.questions", cycle=cycle), code=303)


def question_address(indicator: str, service: str | None, cycle: str) -> str:
    """The page of an answer; `service` by slug."""
    if service is None:
        return url_for("questions.company", cycle=cycle, indicator=indicator)
    return url_for("questions.service", cycle=cycle, service=service, indicator=indicator)


def _question_form(item: OwnQuestion) -> QuestionReplyForm:
    agrees = {True: "yes", False: "no", None: None}[item.row.agrees]
    return QuestionReplyForm(
        data={"agrees": agrees, "reply": item.row.reply, "version": str(item.row.version), "key": _key()}
    )


def _question(
    found: clarifications.OwnQuestions, item: OwnQuestion, form: QuestionReplyForm, *, conflict: bool = False
) -> str:
    return render_template(
        "exchange/question.html",
        found=found,
        item=item,
        form=form,
        errors=summary(form),
        conflict=conflict,
        address_of=question_address,
    )


@blueprint.get("/findings")
def findings(cycle: str) -> str:
    """What government found, as shared with the company."""
    found = replies.own_findings(actor(), cycle, now=dt.datetime.now(dt.UTC))
    return render_template("exchange/findings.html", found=found, errors=[])


@blueprint.route("/findings/<int:number>", methods=["GET", "POST"])
def finding(cycle: str, number: int) -> Answered:
    """One finding beside the answer it is on, with the company's reply."""
    now = dt.datetime.now(dt.UTC)
    found, item, versions = replies.own_finding(actor(), cycle, number, now=now)
    form = _reply_form(item)
    if not form.is_submitted():
        return _finding(found, item, versions, form)
    try:
        replies.save_reply(actor(), cycle, number, form.entry(), stamp_of(form), now=now)
    except Invalid as invalid:
        attach(form, invalid.problems)
        return _finding(found, item, versions, form), 422
    except Conflict:
        found, item, versions = replies.own_finding(actor(), cycle, number, now=now)
        form.version.data = str(item.version.reply.version if item.version.reply else 0)
        return _finding(found, item, versions, form, conflict=True), 409
    flash(_("Your reply is saved. Government sees it once it is sent."))
    return redirect(url_for("exchange.findings", cycle=cycle), code=303)


@blueprint.post("/findings/send")
def send(cycle: str) -> Answered:
    """Send every reply that was written."""
    try:
        sent = replies.send(actor(), cycle, now=dt.datetime.now(dt.UTC))
    except Invalid as invalid:
        form = FindingReplyForm(formdata=None)
        attach(form, invalid.problems)
        found = replies.own_findings(actor(), cycle, now=dt.datetime.now(dt.UTC))
        return render_template("exchange/findings.html", found=found, errors=summary(form)), 422
    flash(ngettext("%(num)s reply is sent.", "%(num)s replies are sent.", sent))
    return redirect(url_for("exchange.findings", cycle=cycle), code=303)


def _reply_form(item: SharedFinding) -> FindingReplyForm:
    reply = item.version.reply
    return FindingReplyForm(
        data={
            "stance": reply.stance if reply else None,
            "text": reply.text if reply else "",
            "version": str(reply.version if reply else 0),
            "key": _key(),
        }
    )


def _key() -> str:
    return request.form.get("key") or secrets.token_hex(8)


def _finding(
    found: replies.SharedFindings,
    item: SharedFinding,
    versions: object,
    form: FindingReplyForm,
    *,
    conflict: bool = False,
) -> str:
    return render_template(
        "exchange/finding.html",
        found=found,
        item=item,
        versions=versions,
        form=form,
        errors=summary(form),
        conflict=conflict,
    )
