"""With which governments a company shares what it submits."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.services import sharing
from compliance.web.access import actor

blueprint = Blueprint("sharing", __name__, url_prefix="/assessments/<cycle>")


@blueprint.route("/sharing", methods=["GET", "POST"])
def edit(cycle: str) -> str | Response:
    """Choose the governments; the lead government always sees what is submitted."""
    if request.method == "POST":
        sharing.share(actor(), cycle, request.form.getlist("countries"), now=dt.datetime.now(dt.UTC))
        flash(_("Your choice is recorded."))
        return redirect(url_for("sharing.edit", cycle=cycle), code=303)
    page = sharing.sharing(actor(), cycle)
    return render_template("sharing/edit.html", page=page, all_countries=sharing.COUNTRIES)
