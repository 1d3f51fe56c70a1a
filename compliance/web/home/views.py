"""The first page after signing in."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from compliance.domain.permissions import Permission, could_ever
from compliance.services.assessment import profiles
from compliance.services.cycle import participations
from compliance.services.report.life import own
from compliance.services.review import corrections
from compliance.web.access import actor

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> str | Response:
    """A company's cycles; for government staff, the companies."""
    person = actor()
    if could_ever(person, Permission.PORTFOLIO_VIEW):
        return redirect(url_for("companies.index"))
    if not could_ever(person, Permission.ASSESSMENT_VIEW):
        return redirect(url_for("framework.show"))
    return render_template(
        "home/company.html",
        cycles=participations.own_cycles(person, now=dt.datetime.now(dt.UTC)),
        feedback=own.listing(person, current_app.extensions["reports"]),
        facts=corrections.own_count(person),
        services=profiles.service_list(person).services,
        may_start=could_ever(person, Permission.ASSESSMENT_START),
    )
