"""The principles as agreed, and what is asked about them."""

from __future__ import annotations

from flask import Blueprint, render_template

from compliance.domain.errors import NotFound
from compliance.services.cycle import frameworks

blueprint = Blueprint("framework", __name__)


@blueprint.get("/principles")
def show() -> str:
    """The newest framework version, with which wording is official and which was checked."""
    framework = frameworks.newest()
    if framework is None:
        raise NotFound("no framework was imported yet")
    return render_template("framework/show.html", framework=framework)
