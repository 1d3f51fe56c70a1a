"""What belongs to one answer beside its form: history, notes, who has it, copies to other services, questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from compliance.domain.errors import Conflict, Invalid
from compliance.domain.questionnaire import Place
from compliance.services.assessment import asking, copying, teamwork
from compliance.services.assessment import numbers as pasting
from compliance.web.access import actor
from compliance.web.answers.forms import CopyForm, InquiryForm, NoteForm, PasteForm
from compliance.web.fields import whole_number
from compliance.web.language import selected
from compliance.web.problems import attach, fault, message, summary
from compliance.web.questions.views import address_at

blueprint = Blueprint("answers", __name__, url_prefix="/assessments/<cycle>")

Answered = str | Response | tuple[str, int]


View = Callable[[str, str | None, str], Answered]


def _both(rule: str, *methods: str) -> Callable[[View], View]:
    """The same page for a question about a service and for one asked once for the company."""

    def add(view: View) -> View:
        allowed = list(methods or ("GET",))
        blueprint.add_url_rule(
            f"/company/<indicator>/{rule}", view_func=view, defaults={"service": None}, methods=allowed
        )
        blueprint.add_url_rule(f"/services/<service>/<indicator>/{rule}", view_func=view, methods=allowed)
        return view

    return add


@_both("history")
def history(cycle: str, service: str | None, indicator: str) -> str:
    """Who changed the answer, when, and what stood there before."""
    place = Place(cycle, service, indicator)
    found = teamwork.history(actor(), place)
    return render_template("answers/history.html", history=found, back_to=address_at(place))


@_both("notes", "POST")
def note(cycle: str, service: str | None, indicator: str) -> Answered:
    """A note among colleagues."""
    place, form = Place(cycle, service, indicator), NoteForm()
    try:
        teamwork.add_note(actor(), place, form.text.data or "", now=dt.datetime.now(dt.UTC))
    except Invalid as invalid:
        attach(form, invalid.problems)
        page = render_template("answers/note.html", form=form, errors=summary(form), back_to=address_at(place))
        return page, 422
    flash(_("Your note is there for your colleagues. Government never sees it."))
    return redirect(address_at(place) + "#notes", code=303)


@_both("assign", "POST")
def assign(cycle: str, service: str | None, indicator: str) -> Answered:
    """Give one question to a colleague, or back to whoever has its principle."""
    place = Place(cycle, service, indicator)
    chosen = whole_number(request.form.get("user")) or None
    teamwork.assign(actor(), cycle, {f"{service or ''}/{indicator}": chosen}, now=dt.datetime.now(dt.UTC))
    flash(_("It is noted who answers this question."))
    return redirect(address_at(place), code=303)


@_both("ask", "GET", "POST")
def ask(cycle: str, service: str | None, indicator: str) -> Answered:
    """Ask government what the question means; the whole team sees question and reply."""
    place, form, status = Place(cycle, service, indicator), InquiryForm(), 200
    found = asking.asked(actor(), cycle)
    if form.is_submitted():
        try:
            asking.ask(actor(), place, form.text.data or "", selected(), now=dt.datetime.now(dt.UTC))
            flash(_("Your question is with your lead government. You and your colleagues see the reply here."))
            return redirect(url_for("asking.index", cycle=cycle), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
            status = 422
    page = render_template(
        "answers/ask.html",
        form=form,
        errors=summary(form),
        found=found,
        indicator_id=indicator,
    )
    return page, status


@_both("copy", "GET", "POST")
def copy(cycle: str, service: str | None, indicator: str) -> Answered:
    """Copy the answer to other services: a tick for each, and what stands there now beside it."""
    place, form, status = Place(cycle, service, indicator), CopyForm(), 200
    now = dt.datetime.now(dt.UTC)
    if form.is_submitted():
        seen = {slug: whole_number(request.form.get(f"version-{slug}")) for slug in form.services.data or ()}
        try:
            number = copying.copy(actor(), place, seen, now=now)
            flash(ngettext("Copied to %(num)s service.", "Copied to %(num)s services.", number))
            return redirect(address_at(place), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
            status = 422
        except Conflict:
            form.form_errors = [_("A colleague saved one of these answers. Look at them again, then copy.")]
            status = 409
    page = copying.copy_page(actor(), place, now=now)
    shown = render_template(
        "answers/copy.html", page=page, form=form, errors=summary(form), message=message, back_to=address_at(place)
    )
    return shown, status


@_both("numbers", "GET", "POST")
def numbers(cycle: str, service: str | None, indicator: str) -> Answered:
    """Several numbers at once, pasted from a spreadsheet: what was understood is shown before anything is saved."""
    place, form, status = Place(cycle, service, indicator), PasteForm(), 200
    now, text = dt.datetime.now(dt.UTC), form.rows.data or ""
    if "save" in request.form:
        try:
            number = pasting.paste(actor(), place, text, whole_number(request.form.get("version")), now=now)
            flash(ngettext("%(num)s number is in the answer.", "%(num)s numbers are in the answer.", number))
            return redirect(address_at(place), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
            status = 422
        except Conflict:
            form.form_errors = [_("A colleague saved this answer. Look at the preview again, then save.")]
            status = 409
    seen = pasting.preview(actor(), place, text, now=now)
    page = render_template(
        "answers/numbers.html",
        seen=seen,
        form=form,
        errors=summary(form),
        message=message,
        fault=fault,
        back_to=address_at(place),
    )
    return page, status
