"""One question per page."""

from __future__ import annotations

import datetime as dt
import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.answers import AnswerEntry
from compliance.domain.errors import Conflict, Invalid
from compliance.domain.questionnaire import Place, Question
from compliance.services import answers
from compliance.services.answers import QuestionPage
from compliance.web.access import actor
from compliance.web.fields import stamp_of
from compliance.web.problems import attach, summary
from compliance.web.questions.forms import AnswerForm, form_for

blueprint = Blueprint("questions", __name__, url_prefix="/assessments/<cycle>")

Answered = str | Response | tuple[str, int]


@blueprint.route("/company/<indicator>", methods=["GET", "POST"])
def company(cycle: str, indicator: str) -> Answered:
    """A question asked once for the company."""
    return _question(Place(cycle, None, indicator))


@blueprint.route("/services/<service>/<indicator>", methods=["GET", "POST"])
def service(cycle: str, service: str, indicator: str) -> Answered:
    """A question about one service."""
    return _question(Place(cycle, service, indicator))


def _question(place: Place) -> Answered:
    page = answers.question_page(actor(), place)
    form = form_for(page, request.form.get("key") or secrets.token_hex(8))
    if not form.is_submitted() or "add_evidence" in request.form:
        return _render(page, form)
    now = dt.datetime.now(dt.UTC)
    entry = form.entry(page.metrics)
    try:
        if not form.validate():
            raise Invalid(answers.faults_on(page, entry, now=now))
        answers.save(actor(), place, entry, stamp_of(form), now=now)
    except Invalid as invalid:
        attach(form, [form.on_page(problem) for problem in invalid.problems])
        return _render(page, form), 422
    except Conflict:
        return _conflict(place, form, entry)
    return _after(page)


def _conflict(place: Place, form: AnswerForm, mine: AnswerEntry) -> Answered:
    """Both texts on one page: theirs to read, mine still in the form. Saving again is a decision, not an accident."""
    page = answers.question_page(actor(), place)
    form.version.data = str(page.version)
    return _render(page, form, mine=mine), 409


def _after(page: QuestionPage) -> Response:
    if request.form.get("then") == "tasks" or page.next is None:
        flash(_("Your answer is saved."))
        return redirect(url_for("assessments.tasks", cycle=page.assessment.cycle.slug), code=303)
    return redirect(address_of(page.next, page.assessment.cycle.slug), code=303)


def address_of(question: Question, cycle: str) -> str:
    """The page of a question."""
    if question.service is None:
        return url_for("questions.company", cycle=cycle, indicator=question.indicator.id)
    return url_for("questions.service", cycle=cycle, service=question.service.slug, indicator=question.indicator.id)


def _render(page: QuestionPage, form: AnswerForm, mine: AnswerEntry | None = None) -> str:
    return render_template(
        "questions/question.html",
        page=page,
        form=form,
        errors=summary(form),
        mine=mine,
        address_of=address_of,
        framework=page.framework,
        indicator=page.question.indicator,
    )
