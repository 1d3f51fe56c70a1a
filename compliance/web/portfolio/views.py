"""The whole picture: heatmap, overview, numbers side by side; as pages, and as CSV and XLSX of what is seen."""

from __future__ import annotations

import datetime as dt
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.assessments import Participation
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import Actor
from compliance.services.portfolio import overview as overviews
from compliance.services.portfolio import portfolio, saved_views, side_by_side
from compliance.web.access import actor
from compliance.web.fields import clean, whole_number
from compliance.web.portfolio import exports
from compliance.web.portfolio.filters import CHANGES, LEADS, NAMES, filters_of, which_from
from compliance.web.portfolio.words import mismatch_words
from compliance.web.problems import message

blueprint = Blueprint("portfolio", __name__, url_prefix="/portfolio")

#: The pages that a view may be kept of, and what may stand in their addresses.
PAGES: Final = ("companies.index", "portfolio.heatmap", "portfolio.overview", "portfolio.metrics")
ARGUMENTS: Final = ("cycle", *NAMES, "metric", "against")


@blueprint.get("/heatmap")
def heatmap() -> str:
    """Companies by principle: a table with the word of each cell; the filters are in the address."""
    now = dt.datetime.now(dt.UTC)
    page = whole_number(request.args.get("page")) or 1
    found = portfolio.portfolio(actor(), _cycle(), which_from(request.args), page=page, now=now)
    return render_template("portfolio/heatmap.html", found=found, **shared_arguments(actor()))


@blueprint.get("/heatmap.<layout>")
def heatmap_file(layout: str) -> Response:
    """The same as a file, every company that fits the filter."""
    which = which_from(request.args)
    sheet, cycle = exports.heatmap_sheet(actor(), _cycle(), which, now=dt.datetime.now(dt.UTC))
    return exports.as_file(sheet, f"heatmap-{cycle}", layout)


@blueprint.get("/overview")
def overview() -> str:
    """Who takes part how, the worst word by principle, the commonest gaps, what changed."""
    found = overviews.overview(actor(), _cycle(), request.args.get("against") or None, now=dt.datetime.now(dt.UTC))
    return render_template("portfolio/overview.html", found=found, **shared_arguments(actor()))


@blueprint.get("/numbers")
def metrics() -> str:
    """One metric over all companies: what compares, and why the rest does not."""
    page = whole_number(request.args.get("page")) or 1
    metric = request.args.get("metric") or None
    found = side_by_side.side_by_side(actor(), _cycle(), metric, which_from(request.args), page=page)
    return render_template("portfolio/numbers.html", found=found, why=mismatch_words(), **shared_arguments(actor()))


@blueprint.get("/numbers.<layout>")
def metrics_file(layout: str) -> Response:
    """The same as a file."""
    metric, which = request.args.get("metric") or None, which_from(request.args)
    sheet, name = exports.numbers_sheet(actor(), _cycle(), metric, which, now=dt.datetime.now(dt.UTC))
    return exports.as_file(sheet, f"numbers-{name}", layout)


@blueprint.post("/views")
def keep() -> Response:
    """Keep the view that the person came from under a name."""
    page = request.form.get("page", "")
    if page not in PAGES:
        raise NotFound(page)
    filters = {name: clean(request.form.get(f"filter-{name}", ""))[:100] for name in ARGUMENTS}
    kept = {name: value for name, value in filters.items() if value}
    try:
        name = clean(request.form.get("name"))
        saved_views.keep(actor(), name, page, kept, now=dt.datetime.now(dt.UTC))
        flash(_("The view is saved."))
    except Invalid as invalid:
        flash(message(invalid.problems[0]))
    return redirect(url_for(page, **kept), code=303)  # type: ignore[arg-type]  # names and texts


@blueprint.post("/views/<int:view>/forget")
def forget(view: int) -> Response:
    """Forget one of the person's views."""
    saved_views.forget(actor(), view)
    flash(_("The view is forgotten."))
    return redirect(url_for("portfolio.heatmap"), code=303)


def shared_arguments(person: Actor) -> dict[str, object]:
    """What the filters of each page need."""
    filters = filters_of(request.args)
    arguments = {name: request.args.get(name, "") for name in ("cycle", "metric", "against")} | filters
    return {
        "filters": filters,
        "arguments": {name: value for name, value in arguments.items() if value},
        "words": tuple(Participation),
        "changes_offered": CHANGES,
        "leads": LEADS,
        "views": saved_views.saved_views(person),
    }


def _cycle() -> str | None:
    return request.args.get("cycle") or None
