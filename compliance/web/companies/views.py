"""The companies as government staff see them: the list, one company, its gaps."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, render_template, request

from compliance.services.gap.gaps import RegisterFilter, register
from compliance.services.portfolio import companies, portfolio
from compliance.services.review import disputes
from compliance.web.access import actor
from compliance.web.fields import clean, whole_number
from compliance.web.gaps.views import principles
from compliance.web.portfolio.filters import which_from
from compliance.web.portfolio.views import shared_arguments

blueprint = Blueprint("companies", __name__, url_prefix="/companies")


@blueprint.get("")
def index() -> str:
    """The companies in a cycle; the filters are in the address."""
    found = portfolio.portfolio(
        actor(),
        request.args.get("cycle") or None,
        which_from(request.args),
        page=whole_number(request.args.get("page")) or 1,
        now=dt.datetime.now(dt.UTC),
    )
    return render_template("companies/index.html", found=found, **shared_arguments(actor()))


@blueprint.get("/<slug>")
def show(slug: str) -> str:
    """One company in one cycle (without a cycle: the newest), compared with the one before or with any earlier."""
    cycle, against = request.args.get("cycle") or None, request.args.get("against") or None
    view = companies.company_view(actor(), slug, cycle, against, now=dt.datetime.now(dt.UTC))
    return render_template("companies/show.html", view=view, disputed=disputes.shown(view))


@blueprint.get("/<slug>/<cycle>/gaps")
def gaps(slug: str, cycle: str) -> str:
    """The gap register of a company: by principle, in the order in which gaps are followed up."""
    found = register(actor(), slug, cycle, principles(), now=dt.datetime.now(dt.UTC))
    wanted = RegisterFilter(
        severity=clean(request.args.get("severity")),
        level=clean(request.args.get("level")),
        flag=clean(request.args.get("flag")),
    )
    return render_template("companies/gaps.html", register=found, groups=found.by_principle(wanted), wanted=wanted)
