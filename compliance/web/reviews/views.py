"""The review bench: the answers of one submission; a finding, a question and notes on each."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Conflict, Invalid
from compliance.domain.questionnaire import Place
from compliance.services.review import bench, clarifications, findings, review_work, reviews
from compliance.services.review.reviews import Reviewed, ReviewPage
from compliance.web.access import actor
from compliance.web.fields import clean, stamp_of
from compliance.web.problems import attach, summary
from compliance.web.reviews.forms import AssignForm, ClarificationForm, FindingForm, NoteForm

blueprint = Blueprint("reviews", __name__, url_prefix="/companies/<slug>/<cycle>/review")

Answered = str | Response | tuple[str, int]


@blueprint.get("")
def index(slug: str, cycle: str) -> str:
    """All questions of a submission; the filters are in the address."""
    return _index(slug, cycle, AssignForm(formdata=None))


@blueprint.post("/assign")
def assign(slug: str, cycle: str) -> Answered:
    """Give a part of the submission to a reviewer."""
    form = AssignForm()
    try:
        review_work.assign(actor(), slug, cycle, form.entry(), now=dt.datetime.now(dt.UTC))
    except Invalid as invalid:
        attach(form, invalid.problems)
        return _index(slug, cycle, form), 422
    flash(_("The part is assigned."))
    return redirect(url_for("reviews.index", slug=slug, cycle=cycle), code=303)


@blueprint.post("/assignments/<int:number>/end")
def unassign(slug: str, cycle: str, number: int) -> Response:
    """End an assignment."""
    review_work.unassign(actor(), slug, cycle, number, now=dt.datetime.now(dt.UTC))
    flash(_("The assignment is ended."))
    return redirect(url_for("reviews.index", slug=slug, cycle=cycle), code=303)


def _index(slug: str, cycle: str, form: AssignForm) -> str:
    review = reviews.review_of(actor(), slug, cycle, now=dt.datetime.now(dt.UTC))
    work = review_work.work_on(actor(), review)
    wanted, mine = _wanted(), work.parts_of(actor())
    items = [item for item in review.items if wanted.keeps(item, mine)]
    return render_template(
        "reviews/index.html",
        review=review,
        work=work,
        items=items,
        disputed=review.disputed,
        wanted=wanted,
        form=form,
        errors=summary(form),
        address_of=address_of,
    )


def _wanted() -> reviews.Filter:
    """The filter in the address."""
    return reviews.Filter(
        principle=clean(request.args.get("principle")),
        severity=clean(request.args.get("severity")),
        function=clean(request.args.get("function")),
        service=clean(request.args.get("service")),
        unreviewed="unreviewed" in request.args,
        changed="changed" in request.args,
        questions="questions" in request.args,
        mine="mine" in request.args,
    )


@blueprint.route("/company/<indicator>", methods=["GET", "POST"])
def company(slug: str, cycle: str, indicator: str) -> Answered:
    """The answer to a question asked once for the company."""
    return _answer(Place(cycle, None, indicator, slug))


@blueprint.route("/services/<service>/<indicator>", methods=["GET", "POST"])
def service(slug: str, cycle: str, service: str, indicator: str) -> Answered:
    """The answer to a question about one service."""
    return _answer(Place(cycle, service, indicator, slug))


@dataclass
class _Forms:
    """The three forms of the page; one of them was sent."""

    finding: FindingForm
    ask: ClarificationForm
    note: NoteForm


def _answer(place: Place) -> Answered:
    now, act = dt.datetime.now(dt.UTC), request.form.get("act", "finding")
    page = reviews.review_page(actor(), place, now=now)
    if request.method == "GET":
        service_id = page.item.result.service_id if page.item.result else None
        bench.look(actor(), page.review, service_id, place.indicator, now=now)
        return _render(page, place, _forms(page))
    send = {"ask": _ask, "note": _note}.get(act, _find)
    return send(place, page, now)


def _find(place: Place, page: ReviewPage, now: dt.datetime) -> Answered:
    forms = _forms(page, sent="finding")
    try:
        findings.save_finding(actor(), place, forms.finding.entry(), stamp_of(forms.finding), now=now)
    except Invalid as invalid:
        page = reviews.review_page(actor(), place, now=now)
        attach(forms.finding, invalid.problems)
        forms.finding.read.data = str(page.review.view.submission_number)
        return _render(page, place, forms), 422
    except Conflict:
        page = reviews.review_page(actor(), place, now=now)
        forms.finding.version.data = str(page.version)
        return _render(page, place, forms, conflict=True), 409
    flash(_("The finding on %(indicator)s is saved.", indicator=place.indicator))
    return redirect(_next(page, place), code=303)


def _ask(place: Place, page: ReviewPage, now: dt.datetime) -> Answered:
    forms = _forms(page, sent="ask")
    try:
        if forms.ask.due_on.process_errors:
            raise Invalid(())
        clarifications.ask(actor(), place, forms.ask.entry(), stamp_of(forms.ask), now=now)
    except Invalid as invalid:
        forms.ask.due_on.errors = list(forms.ask.due_on.process_errors)
        attach(forms.ask, invalid.problems)
        return _render(page, place, forms), 422
    flash(_("The question on %(indicator)s is written.", indicator=place.indicator))
    return redirect(address_of(page.item, place.company or "", place.cycle), code=303)


def _note(place: Place, page: ReviewPage, now: dt.datetime) -> Answered:
    forms = _forms(page, sent="note")
    try:
        bench.add_note(actor(), place, forms.note.text.data or "", shared=bool(forms.note.shared.data), now=now)
    except Invalid as invalid:
        attach(forms.note, invalid.problems)
        return _render(page, place, forms), 422
    flash(_("The note is saved."))
    return redirect(address_of(page.item, place.company or "", place.cycle), code=303)


@blueprint.post("/notes/<int:number>/share")
def share_note(slug: str, cycle: str, number: int) -> Response:
    """Let the other governments read a note."""
    bench.share_note(actor(), number, now=dt.datetime.now(dt.UTC))
    flash(_("The note is shared with the governments that see the answer."))
    return redirect(url_for("reviews.index", slug=slug, cycle=cycle), code=303)


@blueprint.post("/questions/<int:number>/drop")
def drop(slug: str, cycle: str, number: int) -> Response:
    """Take a question back."""
    clarifications.drop(actor(), slug, cycle, number, now=dt.datetime.now(dt.UTC))
    flash(_("The question is taken back."))
    return redirect(url_for("reviews.index", slug=slug, cycle=cycle), code=303)


def _forms(page: ReviewPage, sent: str = "") -> _Forms:
    """The forms filled from what is stored; the one that was sent keeps what was typed."""
    finding, key = page.item.finding, request.form.get("key") or secrets.token_hex(8)
    stored = {
        "rating": finding.rating if finding else None,
        "reason": finding.reason if finding else "",
        "closes": finding.closes if finding else "",
        "version": str(page.version),
        "read": str(page.review.view.submission_number),
        "key": key,
    }
    blank: dict[str, object] = {"formdata": None}
    draft = page.item.asked if page.item.asked and page.item.asked.state == "draft" else None
    asked = {"question": draft.question, "due_on": draft.due_on, "version": str(draft.version)} if draft else {}
    return _Forms(
        FindingForm(data=stored, **({} if sent == "finding" else blank)),
        ClarificationForm(prefix="ask-", data=asked | {"key": key}, **({} if sent == "ask" else blank)),
        NoteForm(prefix="note-", **({} if sent == "note" else blank)),
    )


def _next(page: ReviewPage, place: Place) -> str:
    company, cycle = place.company or "", place.cycle
    if request.form.get("then") == "next" and page.next_unreviewed is not None:
        return address_of(page.next_unreviewed, company, cycle)
    return url_for("reviews.index", slug=company, cycle=cycle)


def address_of(item: Reviewed, company: str, cycle: str) -> str:
    """The page of one answer on the bench."""
    service, indicator = item.question.key
    if service is None:
        return url_for("reviews.company", slug=company, cycle=cycle, indicator=indicator)
    return url_for("reviews.service", slug=company, cycle=cycle, service=service, indicator=indicator)


def _render(page: ReviewPage, place: Place, forms: _Forms, *, conflict: bool = False) -> str:
    beside = bench.beside(actor(), page, place, now=dt.datetime.now(dt.UTC))
    return render_template(
        "reviews/answer.html",
        page=page,
        beside=beside,
        form=forms.finding,
        ask=forms.ask,
        note=forms.note,
        errors=[*summary(forms.finding), *summary(forms.ask), *summary(forms.note)],
        conflict=conflict,
        address_of=address_of,
    )
