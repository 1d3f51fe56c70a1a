"""What was given to the person to review."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, render_template

from compliance.services.review import review_work
from compliance.web.access import actor

blueprint = Blueprint("queue", __name__, url_prefix="/queue")


@blueprint.get("")
def index() -> str:
    """My queue, by date."""
    return render_template("queue/index.html", items=review_work.my_queue(actor(), now=dt.datetime.now(dt.UTC)))
