"""The desk of staff for reminders."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid
from compliance.domain.messages import MessageState
from compliance.services import health
from compliance.services.reminder import calls as chase_list
from compliance.services.reminder import desk, pauses
from compliance.web.access import actor
from compliance.web.problems import message as sentence
from compliance.web.reminders.words import kind_word, reasons

blueprint = Blueprint("reminders", __name__, url_prefix="/reminders")
blueprint.add_app_template_filter(kind_word)
blueprint.add_app_template_filter(reasons)
_USUAL = dt.timedelta(days=13)


@blueprint.app_template_filter("local_moment")
def local_moment(moment: dt.datetime, zone: ZoneInfo) -> str:
    """A moment where somebody is, in the language of the page: day, hour and minute."""
    text: str = format_datetime(moment.astimezone(zone), "EEE d MMM y, HH:mm", rebase=False)
    return text


@blueprint.get("")
def index() -> str:
    """What goes to whom in a range of days: a dry run."""
    today = _now().date()
    first = _day("from", today)
    shown = desk.desk(
        actor(),
        first,
        _day("to", first + _USUAL),
        company=request.args.get("company", "").strip()[:100],
        page=_page(),
        now=_now(),
    )
    return render_template("reminders/index.html", desk=shown, last_tick=health.last_tick())


@blueprint.get("/messages")
def messages() -> str:
    """What went, waits or failed."""
    state = request.args.get("state", "")
    shown = desk.messages(actor(), state, _page())
    return render_template("reminders/messages.html", shown=shown, state=state, states=list(MessageState))


@blueprint.get("/messages/<int:id>")
def message(id: int) -> str:
    """One message: what it said, to whom, and what became of it."""
    return render_template("reminders/message.html", view=desk.message(actor(), id))


@blueprint.post("/messages/<int:id>/retry")
def retry(id: int) -> Response:
    """Let a failed message go once more."""
    desk.retry(actor(), id, now=_now())
    flash(_("It goes with the next round."))
    return redirect(url_for("reminders.message", id=id), code=303)


@blueprint.post("/messages/<int:id>/send-now")
def send_now(id: int) -> Response:
    """Let a message that waits go at once."""
    desk.send_now(actor(), id, now=_now())
    flash(_("It goes with the next round."))
    return redirect(url_for("reminders.message", id=id), code=303)


@blueprint.get("/calls")
def calls() -> str:
    """The chase list: companies that no reminder has moved."""
    return render_template("reminders/calls.html", calls=chase_list.calls(actor(), now=_now()))


@blueprint.get("/companies/<slug>")
def company(slug: str) -> str:
    """Why somebody was or was not reminded."""
    shown = desk.explain(actor(), slug, request.args.get("person", ""), now=_now())
    return render_template("reminders/company.html", shown=shown)


@blueprint.post("/companies/<slug>/send-now")
def remind_now(slug: str) -> Response:
    """Send one reminder of the plan ahead of its time."""
    person, base_url = request.form.get("person", ""), current_app.extensions["settings"].base_url
    desk.remind_now(actor(), slug, person, request.form.get("stage", ""), now=_now(), base_url=base_url)
    flash(_("It goes with the next round."))
    return redirect(url_for("reminders.company", slug=slug, person=person), code=303)


@blueprint.post("/companies/<slug>/pause")
def pause(slug: str) -> Response:
    """Hold the reminders of a company, or let them go again."""
    return _pause_or_resume(slug, url_for("reminders.company", slug=slug))


@blueprint.post("/pause")
def pause_all() -> Response:
    """Hold all reminders, or let them go again."""
    return _pause_or_resume(None, url_for("reminders.index"))


def _pause_or_resume(slug: str | None, address: str) -> Response:
    try:
        if "resume" in request.form:
            pauses.resume(actor(), slug, now=_now())
            flash(_("Reminders go again."))
        else:
            pauses.pause(actor(), slug, request.form.get("reason", ""), now=_now())
            flash(_("Reminders are held."))
    except Invalid as invalid:
        flash(" ".join(sentence(problem) for problem in invalid.problems))
    return redirect(address, code=303)


def _day(name: str, otherwise: dt.date) -> dt.date:
    """A day from the address; anything that is none is the usual one."""
    try:
        return dt.date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise


def _page() -> int:
    number = request.args.get("page", "")
    return min(max(int(number), 1), 10_000) if number.isdecimal() and len(number) < 6 else 1


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
