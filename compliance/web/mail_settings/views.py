"""One's own mail: how often, a calendar address, and the links in mails that need no sign-in."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from werkzeug.wrappers import Response as Redirect

from compliance.domain.working_time import Rhythm
from compliance.services.reminder import calendar_feeds, history, mail_preferences
from compliance.web.access import actor
from compliance.web.reminders.words import rhythm_word, stage_word, standing_word, topic_word

blueprint = Blueprint("mail_settings", __name__)
for word in (topic_word, rhythm_word, stage_word, standing_word):
    blueprint.add_app_template_filter(word)


@blueprint.route("/account/mail", methods=["GET", "POST"])
def preferences() -> str | Redirect:
    """How often the person wants to hear of what."""
    person = actor()
    if request.method == "POST":
        wanted = {
            about: Rhythm(request.form[about])
            for about in mail_preferences.topics_of(person)
            if request.form.get(about) in set(Rhythm)
        }
        mail_preferences.choose(person, wanted, now=_now())
        flash(_("Your choice is saved."))
        return redirect(url_for("mail_settings.preferences"), code=303)
    return render_template(
        "mail_settings/preferences.html",
        chosen=mail_preferences.preferences(person),
        rhythms=list(Rhythm),
        has_address=calendar_feeds.has_address(person),
        history=history.own(person, now=_now()),
    )


@blueprint.post("/account/calendar")
def new_calendar() -> str:
    """A new calendar address, shown this once."""
    path = calendar_feeds.new_address(actor(), now=_now())
    address = current_app.extensions["settings"].base_url + path
    return render_template("mail_settings/calendar.html", address=address)


@blueprint.post("/account/calendar/end")
def end_calendar() -> Redirect:
    """End the calendar address."""
    calendar_feeds.end_address(actor(), now=_now())
    flash(_("The calendar address has ended."))
    return redirect(url_for("mail_settings.preferences"), code=303)


@blueprint.get("/calendar/<token>.ics")
def calendar(token: str) -> Response:
    """The calendar behind an address: no sign-in, because calendar programs have none."""
    base_url = current_app.extensions["settings"].base_url
    content = calendar_feeds.calendar_file(token, base_url=base_url, now=_now())
    response = Response(content, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/mail/stop/<token>")
def stopping(token: str) -> str:
    """What the link of a mail would end. Looking changes nothing: mail programs follow links by themselves."""
    found = mail_preferences.stopping(token, _secret())
    return _in_language(found, "mail_settings/stop.html")


@blueprint.post("/mail/stop/<token>")
def stop(token: str) -> str:
    """End mails like it: by the button of the page, or in one click by a mail program (RFC 8058)."""
    found = mail_preferences.stop(token, _secret(), now=_now())
    return _in_language(found, "mail_settings/stopped.html")


def _in_language(found: mail_preferences.Stopping, template: str) -> str:
    """The page in the language of the mail, unless the reader has chosen one."""
    if "lang" not in request.args and "language" not in session:
        g.language = found.language
        refresh()
    return render_template(template, found=found, topics=[topic_word(about) for about in found.topics])


def _secret() -> str:
    secret: str = current_app.extensions["settings"].secret_key
    return secret


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
