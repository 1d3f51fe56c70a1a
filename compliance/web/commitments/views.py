"""Commitments: one list for both sides, one page each, and the acts on it."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.commitments import STEPS_LIMIT, CommitmentAct
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.questionnaire import Place
from compliance.services.gap import commitments
from compliance.web.access import actor
from compliance.web.commitments.forms import ActForm, CommitmentForm
from compliance.web.commitments.words import act_word, state_of
from compliance.web.fields import clean, whole_number
from compliance.web.problems import attach, summary

blueprint = Blueprint("commitments", __name__, url_prefix="/commitments")

Answered = str | Response | tuple[str, int]


@blueprint.get("")
def own() -> str:
    """The commitments of one's own company."""
    found = commitments.own_list(actor(), now=dt.datetime.now(dt.UTC))
    return render_template("commitments/index.html", found=found, state_of=state_of)


@blueprint.get("/of/<slug>")
def index(slug: str) -> str:
    """The commitments of a company; the company sees the same list."""
    found = commitments.commitment_list(actor(), slug, now=dt.datetime.now(dt.UTC))
    return render_template("commitments/index.html", found=found, state_of=state_of)


@blueprint.route("/new/<slug>/<cycle>/<indicator>", methods=["GET", "POST"])
def new(slug: str, cycle: str, indicator: str) -> Answered:
    """Propose a commitment on one answer."""
    service = clean(request.args.get("service")) or None
    place = Place(cycle, service, indicator, slug)
    page = commitments.new_commitment(actor(), place)
    form = CommitmentForm(data={"key": request.form.get("key") or secrets.token_hex(8)})
    if not form.is_submitted() or "add_step" in request.form:
        return _new(page, form)
    try:
        row = _propose(place, form)
    except Invalid as invalid:
        attach(form, [replace(item, field=_on_page(form, item.field)) for item in invalid.problems])
        return _new(page, form), 422
    flash(_("The commitment is proposed. The other side agrees to it or declines."))
    return redirect(url_for("commitments.show", number=row), code=303)


def _propose(place: Place, form: CommitmentForm) -> int:
    unreadable = [item for item in (form.due_on, *(row.form.due_on for row in form.steps)) if item.process_errors]
    for item in unreadable:
        item.errors = list(item.process_errors)
    if unreadable:
        raise Invalid(())
    now, engagement = dt.datetime.now(dt.UTC), whole_number(request.args.get("engagement")) or None
    made = commitments.propose(actor(), place, form.entry(), form.stamp(), now=now, engagement_id=engagement)
    return made.id


def _on_page(form: CommitmentForm, field: str) -> str:
    name, _dot, rest = field.partition(".")
    if name != "steps" or not rest:
        return field
    number, _dot, part = rest.partition(".")
    return f"steps.{form.row_of(int(number))}.{part}"


def _new(page: commitments.NewCommitment, form: CommitmentForm) -> str:
    if len(form.steps.entries) < STEPS_LIMIT:
        form.steps.append_entry()
    return render_template("commitments/new.html", page=page, form=form, errors=summary(form))


@blueprint.route("/<int:number>", methods=["GET", "POST"])
def show(number: int) -> Answered:
    """One commitment, its history, and what the person may do with it."""
    page = commitments.commitment_page(actor(), number, now=dt.datetime.now(dt.UTC))
    form = ActForm(data={"version": str(page.item.row.version)})
    if not form.is_submitted():
        return _show(page, form)
    act = request.form.get("act", "")
    if act not in set(CommitmentAct):
        raise NotFound(act)
    try:
        commitments.act_on(
            actor(),
            number,
            CommitmentAct(act),
            form.entry(),
            version=whole_number(form.version.data),
            step_id=whole_number(request.form.get("step")),
            now=dt.datetime.now(dt.UTC),
        )
    except Invalid as invalid:
        attach(form, invalid.problems)
        return _show(page, form, chosen=act), 422
    flash(_("Recorded: %(act)s.", act=act_word(act)))
    return redirect(url_for("commitments.show", number=number), code=303)


def _show(page: commitments.CommitmentPage, form: ActForm, chosen: str = "") -> str:
    return render_template(
        "commitments/show.html",
        page=page,
        form=form,
        errors=summary(form),
        chosen=chosen,
        act_word=act_word,
        state_of=state_of,
    )
