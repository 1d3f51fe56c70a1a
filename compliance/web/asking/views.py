"""What a company asks of its lead government, and where government replies."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid
from compliance.services.assessment import asking
from compliance.web.access import actor
from compliance.web.asking.forms import ExtensionForm, ReplyForm
from compliance.web.language import selected
from compliance.web.problems import attach, summary

blueprint = Blueprint("asking", __name__)

Answered = str | Response | tuple[str, int]


@blueprint.get("/assessments/<cycle>/asked")
def index(cycle: str) -> str:
    """What the company asked in a cycle, for the whole team."""
    return render_template("asking/index.html", found=asking.asked(actor(), cycle))


@blueprint.route("/assessments/<cycle>/more-time", methods=["GET", "POST"])
def more_time(cycle: str) -> Answered:
    """Ask for a later due date."""
    form, status = ExtensionForm(), 200
    found = asking.asked(actor(), cycle)
    if form.is_submitted():
        readable = form.validate()
        try:
            asking.ask_for_time(actor(), cycle, form.until.data, form.reason.data or "", now=dt.datetime.now(dt.UTC))
            flash(_("Your request is with your lead government. Until it decides, the due date stays as it is."))
            return redirect(url_for("asking.index", cycle=cycle), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
            status = 422
        del readable
    return render_template("asking/more_time.html", form=form, errors=summary(form), found=found), status


@blueprint.get("/inquiries")
def led() -> str:
    """What the companies that one's government leads on ask."""
    return render_template("asking/led.html", rows=asking.led(actor()), forms={}, errors=[])


@blueprint.post("/inquiries/<int:number>")
def reply(number: int) -> Answered:
    """Reply to one of them, once."""
    form = ReplyForm()
    try:
        asking.reply(actor(), number, form.text.data or "", selected(), now=dt.datetime.now(dt.UTC))
    except Invalid as invalid:
        attach(form, invalid.problems)
        page = render_template("asking/led.html", rows=asking.led(actor()), forms={number: form}, errors=summary(form))
        return page, 422
    flash(_("The company's whole team sees your reply."))
    return redirect(url_for("asking.led"), code=303)
