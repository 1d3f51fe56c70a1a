"""With which governments the own company shares its content in a cycle."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Conflict, Invalid
from compliance.services.account.organisations import COUNTRIES
from compliance.services.cycle import sharing
from compliance.web.access import actor

blueprint = Blueprint("sharing", __name__, url_prefix="/assessments/<cycle>/sharing")


@blueprint.route("", methods=["GET", "POST"])
def show(cycle: str) -> str | Response | tuple[str, int]:
    """Tick the governments that may see the company's content; the lead country always does."""
    chosen: list[str] | None = None
    status = 200
    if request.method == "POST":
        chosen = request.form.getlist("countries")
        try:
            seen = request.form.get("seen", "").split()
            sharing.name_countries(actor(), cycle, chosen, seen=seen, now=dt.datetime.now(dt.UTC))
            flash(_("It is saved with whom the content is shared."))
            return redirect(url_for("sharing.show", cycle=cycle), code=303)
        except Conflict:
            status = 409
        except Invalid:
            status = 422
    page = sharing.sharing_page(actor(), cycle)
    ticked = page.countries if chosen is None else chosen
    shown = render_template("sharing/show.html", page=page, ticked=ticked, codes=tuple(COUNTRIES), status=status)
    return shown if status == 200 else (shown, status)
