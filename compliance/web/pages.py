"""What every template can use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from compliance.domain.cautions import cautions_of
from compliance.domain.permissions import Actor, Permission, could_ever
from compliance.services import health
from compliance.web import language, phrases, roles
from compliance.web.states import state_word
from compliance.web.values import country, day, file_size, moment, number, own_moment


def install(app: Flask) -> None:
    """Register filters, globals and the component templates of the design system."""
    assert app.jinja_loader is not None
    app.jinja_options = {
        "loader": ChoiceLoader(
            [
                app.jinja_loader,
                PrefixLoader(
                    {
                        "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                        "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                    }
                ),
            ]
        ),
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.add_template_filter(language.say, "say")
    app.add_template_filter(day, "day")
    app.add_template_filter(moment, "moment")
    app.add_template_filter(own_moment, "own_moment")
    app.add_template_filter(number, "number")
    app.add_template_filter(country, "country")
    app.add_template_filter(file_size, "file_size")
    app.add_template_global(asset)
    app.add_template_global(state_word)
    for word in (
        phrases.ground_word,
        phrases.since_word,
        phrases.act_word,
        phrases.field_word,
        phrases.role_word,
        phrases.country_word,
        phrases.hint_sentence,
        phrases.remark_words,
        phrases.weight_word,
        roles.role_name,
        roles.role_hint,
        roles.kind_word,
    ):
        app.add_template_global(word)
    app.add_template_global(document_address)
    app.add_template_global(cautions_of)
    app.context_processor(_context)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the main menu; `current` is "page", "true" (inside its section) or None."""

    text: str
    address: str
    current: str | None


def _context() -> dict[str, object]:
    locale = language.selected()
    other = "en" if locale == "fr" else "fr"
    return {
        "language": locale,
        "other_language": other,
        "other_language_address": _same_page_in(other),
        "actor": g.get("actor"),
        "menu": _menu(),
        "demo": current_app.extensions["settings"].demo,
        "late_rounds": _late_rounds(),
    }


def _late_rounds() -> bool:
    """Staff are told on every page when no round of reminders has run for a while: nobody else would notice."""
    actor = g.get("actor")
    return bool(actor and not actor.is_company and health.rounds_are_late(dt.datetime.now(dt.UTC)))


def _same_page_in(other: str) -> str:
    arguments = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return f"{request.path}?{urlencode([*arguments, ('lang', other)])}"


#: The parts of the site that are about a company's own assessment.
_COMPANY_PARTS = (
    "home",
    "assessments",
    "questions",
    "answers",
    "asking",
    "sharing",
    "exchange",
    "workbooks",
    "afterwards",
    "feedback",
)
#: The parts of the site that are about one company or several.
_GOVERNMENT_PARTS = (
    "companies",
    "reviews",
    "steps",
    "disputes",
    "gaps",
    "commitments",
    "engagements",
    "public_record",
    "briefs",
)


def _menu() -> list[Entry]:
    actor = g.get("actor")
    if actor is None:
        return []
    entries: list[tuple[str, str, tuple[str, ...]]] = []
    if actor.is_company:
        entries += [
            (_("Assessments"), "home.index", _COMPANY_PARTS),
            (_("Services"), "profiles.index", ("profiles",)),
            (_("Public record"), "corrections.own", ("corrections",)),
            (_("Team"), "team.index", ("team",)),
            (_("Documents"), "documents.index", ("documents",)),
            (_("Commitments"), "commitments.own", ("commitments",)),
        ]
    staff = (
        (Permission.REVIEW_QUEUE, (_("My queue"), "queue.index", ("queue",))),
        (Permission.PORTFOLIO_VIEW, (_("Companies"), "companies.index", _GOVERNMENT_PARTS)),
        (Permission.REPORT_READ, (_("Reports"), "reports.index", ("reports",))),
        (Permission.CYCLE_VIEW, (_("Cycles"), "cycles.index", ("cycles",))),
        (Permission.ACCOUNTS_MANAGE, (_("Accounts"), "people.index", ("people", "single_sign_on"))),
        (Permission.INQUIRY_REPLY, (_("Companies' questions"), "asking.led", ("asking",))),
        (Permission.TRAIL_VIEW, (_("Audit trail"), "audit.index", ("audit",))),
        (Permission.REMINDERS_VIEW, (_("Reminders"), "reminders.index", ("reminders", "contacts"))),
    )
    entries += [entry for permission, entry in staff if could_ever(actor, permission)]
    entries.append((_("The principles"), "framework.show", ("framework",)))
    if current_app.extensions["settings"].demo:
        entries.append((_("Demo mail"), "mails.index", ("mails",)))
    return [Entry(text, url_for(endpoint), _current(endpoint, sections)) for text, endpoint, sections in entries]


def _current(endpoint: str, sections: tuple[str, ...]) -> str | None:
    if request.endpoint == endpoint:
        return "page"
    return "true" if request.blueprint in sections else None


def document_address(sha256: str) -> str:
    """Where the reader of this page may have a document: nowhere, when the page is not about what was signed."""
    actor: Actor | None = g.get("actor")
    place = request.view_args or {}
    if actor is not None and actor.is_company:
        return str(url_for("documents.download", sha256=sha256))
    if actor is not None and actor.is_government and {"slug", "cycle"} <= place.keys():
        return str(url_for("documents.shown", slug=place["slug"], cycle=place["cycle"], sha256=sha256))
    return ""


def asset(name: str) -> str:
    """The address of a built file such as "site.css", with the hash of its content in its name."""
    return url_for("static", filename=current_app.extensions["assets"].get(name, name))
