"""One question per page."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.answers import AnswerEntry, Problem
from compliance.domain.errors import Conflict, Invalid, NotAllowed
from compliance.domain.questionnaire import Place, Question
from compliance.services import answers, documents
from compliance.services.answers import QuestionPage
from compliance.web.access import actor
from compliance.web.documents.attaching import attach_upload
from compliance.web.fields import stamp_of
from compliance.web.problems import attach, summary
from compliance.web.questions.forms import AnswerForm, complete, form_for

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
    if request.method == "GET" or "add_evidence" in request.form:
        page = answers.question_page(actor(), place)
        return _render(page, form_for(page, request.form.get("key") or secrets.token_hex(8)))
    now, form = dt.datetime.now(dt.UTC), AnswerForm()
    readable = form.validate()
    try:
        if form.brings_file or "attach" in request.form:
            attach_upload(form, now=now)
        if "attach" in request.form:
            return _with_document(place, form)
        if not readable:
            page = answers.question_page(actor(), place)
            raise Invalid(answers.faults_on(page, form.entry(), now=now))
        saved = answers.save(actor(), place, form.entry(), stamp_of(form), now=now)
    except Invalid as invalid:
        return _refused(place, form, invalid.problems), 422
    except Conflict:
        return _conflict(place, form), 409
    except NotAllowed:
        return _closed(place, form), 409
    return _after(place, saved.next)


def _with_document(place: Place, form: AnswerForm) -> str:
    """The form again, as it was typed, with the document that was brought as one more piece of evidence."""
    page = answers.question_page(actor(), place)
    complete(form, page)
    return _render(page, form)


def _refused(place: Place, form: AnswerForm, problems: Sequence[Problem]) -> str:
    """The form again, with all that was typed, and what stands in the way beside each field."""
    page = answers.question_page(actor(), place)
    if not page.editable:
        raise NotAllowed("the assessment is not open for answers")
    attach(form, [form.on_page(problem, page) for problem in problems])
    complete(form, page)
    return _render(page, form)


def _conflict(place: Place, form: AnswerForm) -> str:
    """Both texts on one page: theirs to read, mine still in the form. Saving again is a decision, not an accident."""
    page = answers.question_page(actor(), place)
    mine = answers.with_units(page.framework, form.entry())
    complete(form, page)
    form.version.data = str(page.version)
    return _render(page, form, mine=mine)


def _closed(place: Place, form: AnswerForm) -> str:
    """The assessment was closed for answers in the meantime: nothing can be saved, and nothing typed is lost."""
    page = answers.question_page(actor(), place)
    return _render(page, form, mine=answers.with_units(page.framework, form.entry()), closed=True)


def _after(place: Place, following: Question | None) -> Response:
    if request.form.get("then") == "tasks" or following is None:
        flash(_("Your answer is saved."))
        return redirect(url_for("assessments.tasks", cycle=place.cycle), code=303)
    return redirect(address_of(following, place.cycle), code=303)


def address_of(question: Question, cycle: str) -> str:
    """The page of a question."""
    if question.service is None:
        return url_for("questions.company", cycle=cycle, indicator=question.indicator.id)
    return url_for("questions.service", cycle=cycle, service=question.service.slug, indicator=question.indicator.id)


def _render(page: QuestionPage, form: AnswerForm, mine: AnswerEntry | None = None, *, closed: bool = False) -> str:
    return render_template(
        "questions/question.html",
        page=page,
        form=form,
        errors=summary(form),
        mine=mine,
        closed=closed,
        address_of=address_of,
        documents=documents.choices(actor()),
        framework=page.framework,
        indicator=page.question.indicator,
    )
