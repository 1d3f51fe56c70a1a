"""What waits for the person: answers to review, and requests for more time to decide on."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid
from compliance.services.cycle import extensions
from compliance.services.review import review_work
from compliance.web.access import actor
from compliance.web.problems import attach, summary
from compliance.web.queue.forms import DecisionForm
from compliance.web.visits import base_url

blueprint = Blueprint("queue", __name__, url_prefix="/queue")


@blueprint.get("")
def index() -> str:
    """My queue: requests for more time, then assignments by date."""
    items = review_work.my_queue(actor(), now=dt.datetime.now(dt.UTC))
    return render_template("queue/index.html", items=items, requests=extensions.waiting(actor()))


@blueprint.route("/requests/<int:number>", methods=["GET", "POST"])
def decide(number: int) -> str | Response | tuple[str, int]:
    """Grant a request for more time, or decline it."""
    row = extensions.request(actor(), number)
    form = DecisionForm(data={"due_on": row.asked_due_on})
    if not form.is_submitted():
        return _decide(number, form)
    try:
        if form.due_on.process_errors and form.decision().granted:
            raise Invalid(())
        extensions.decide(actor(), number, form.decision(), base_url=base_url(), now=dt.datetime.now(dt.UTC))
    except Invalid as invalid:
        form.due_on.errors = list(form.due_on.process_errors)
        attach(form, invalid.problems)
        return _decide(number, form), 422
    flash(_("%(company)s reads your decision, and whoever asked gets a mail.", company=row.participation.company.name))
    return redirect(url_for("queue.index"), code=303)


def _decide(number: int, form: DecisionForm) -> str:
    row = extensions.request(actor(), number)
    return render_template("queue/decide.html", row=row, form=form, errors=summary(form))
