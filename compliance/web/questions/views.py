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
from compliance.services.assessment import answers, documents
from compliance.services.assessment import beside as beside_service
from compliance.services.assessment.answers import QuestionPage
from compliance.web.access import actor
from compliance.web.documents.attaching import attach_upload
from compliance.web.drafts import drafts_key
from compliance.web.fields import stamp_of
from compliance.web.problems import attach, message, summary
from compliance.web.questions.forms import AnswerForm, complete, form_for

blueprint = Blueprint("questions", __name__, url_prefix="/assessments/<cycle>")

Answered = str | Response | tuple[str, int] | dict[str, int] | tuple[dict[str, str], int]


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
    form = AnswerForm()
    typing = request.accept_mimetypes.best == "application/json"
    try:
        if form.brings_file or "attach" in request.form:
            attach_upload(form, now=dt.datetime.now(dt.UTC))
        if "attach" in request.form:
            return _with_document(place, form)
        saved = _save(place, form)
    except (Invalid, Conflict, NotAllowed) as error:
        return _said(error, form) if typing else _not_saved(place, form, error)
    return {"version": saved.version} if typing else _after(place, saved.next)


def _save(place: Place, form: AnswerForm) -> answers.Saved:
    now, readable = dt.datetime.now(dt.UTC), form.validate()
    if not readable:
        page = answers.question_page(actor(), place)
        raise Invalid(answers.faults_on(page, form.entry(), now=now))
    return answers.save(actor(), place, form.entry(), stamp_of(form), now=now)


def _said(error: Invalid | Conflict | NotAllowed, form: AnswerForm) -> Answered:
    """Why nothing was saved, for the script that saves as one types; what is typed stays in the form."""
    if isinstance(error, Invalid):
        unreadable = [item.text for item in summary(form)]
        return {"reason": [*(message(problem) for problem in error.problems), *unreadable][0]}, 422
    if isinstance(error, Conflict):
        return {"reason": _("A colleague saved this answer while you were writing")}, 409
    return {"reason": _("The assessment is no longer open for answers")}, 409


def _not_saved(place: Place, form: AnswerForm, error: Invalid | Conflict | NotAllowed) -> Answered:
    if isinstance(error, Invalid):
        return _refused(place, form, error.problems), 422
    return (_conflict(place, form) if isinstance(error, Conflict) else _closed(place, form)), 409


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


def address_at(place: Place) -> str:
    """The page of the question at a place."""
    if place.service is None:
        return url_for("questions.company", cycle=place.cycle, indicator=place.indicator)
    return url_for("questions.service", cycle=place.cycle, service=place.service, indicator=place.indicator)


def address_of(question: Question, cycle: str) -> str:
    """The page of a question."""
    return address_at(Place(cycle, *question.key))


def _render(page: QuestionPage, form: AnswerForm, mine: AnswerEntry | None = None, *, closed: bool = False) -> str:
    beside = beside_service.beside(actor(), page)
    return render_template(
        "questions/question.html",
        page=page,
        beside=beside,
        drafts=drafts_key(),
        fresh="conflict" if mine else "yes" if request.method == "GET" else "no",
        place=Place(page.assessment.cycle.slug, *page.question.key),
        form=form,
        errors=summary(form),
        mine=mine,
        closed=closed,
        address_of=address_of,
        documents=documents.choices(actor()),
        framework=page.framework,
        indicator=page.question.indicator,
    )
