"""One gap with its history through the cycles, and its acceptance as it is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid, NotFound
from compliance.domain.questionnaire import Place
from compliance.services.gap import acceptances, gaps
from compliance.web.access import actor
from compliance.web.commitments.words import state_of
from compliance.web.fields import whole_number
from compliance.web.gaps.forms import AcceptanceForm
from compliance.web.problems import attach, summary

blueprint = Blueprint("gaps", __name__, url_prefix="/companies/<slug>/<cycle>/gaps")

Answered = str | Response | tuple[str, int]


@blueprint.route("/company/<indicator>", methods=["GET", "POST"])
def company(slug: str, cycle: str, indicator: str) -> Answered:
    """A gap of the company as a whole."""
    return _gap(Place(cycle, None, indicator, slug))


@blueprint.route("/services/<service>/<indicator>", methods=["GET", "POST"])
def service(slug: str, cycle: str, service: str, indicator: str) -> Answered:
    """A gap of one service."""
    return _gap(Place(cycle, service, indicator, slug))


def _gap(place: Place) -> Answered:
    form = AcceptanceForm()
    if not form.is_submitted():
        return _page(place, form)
    try:
        said = _act(place, form)
    except Invalid as invalid:
        form.review_on.errors = list(form.review_on.process_errors)
        attach(form, invalid.problems)
        return _page(place, form), 422
    flash(said)
    return redirect(address_of(place), code=303)


def _act(place: Place, form: AcceptanceForm) -> str:
    act, number, now = request.form.get("act"), whole_number(request.form.get("number")), dt.datetime.now(dt.UTC)
    if act == "propose":
        if form.review_on.process_errors:
            raise Invalid(())
        acceptances.propose_acceptance(actor(), place, form.entry(), principles(), now=now)
        return str(_("It is proposed to accept the gap as it is. An approver decides."))
    if act == "approve":
        acceptances.approve_acceptance(actor(), place.company or "", number, now=now)
        return str(_("The gap is accepted as it is."))
    if act == "end":
        acceptances.end_acceptance(actor(), place.company or "", number, form.reason.data or "", now=now)
        return str(_("The gap is followed again."))
    raise NotFound(place.indicator)


def principles() -> Path:
    """Where the content of the frameworks stands."""
    path: Path = current_app.extensions["principles"]
    return path


def _page(place: Place, form: AcceptanceForm) -> str:
    page = gaps.gap_page(actor(), place, principles(), now=dt.datetime.now(dt.UTC))
    return render_template("gaps/show.html", page=page, place=place, form=form, errors=summary(form), state_of=state_of)


def address_of(place: Place) -> str:
    """The page of a gap."""
    if place.service is None:
        return url_for("gaps.company", slug=place.company, cycle=place.cycle, indicator=place.indicator)
    return url_for(
        "gaps.service", slug=place.company, cycle=place.cycle, service=place.service, indicator=place.indicator
    )
