"""What every template can use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from babel.numbers import format_decimal
from flask import Flask, current_app, g, request, url_for
from flask_babel import format_date, format_datetime
from flask_babel import gettext as _
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from compliance.domain.cautions import cautions_of
from compliance.domain.permissions import Actor, Permission, could_ever
from compliance.web import language
from compliance.web.states import state_word


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
    app.add_template_filter(number, "number")
    app.add_template_filter(file_size, "file_size")
    app.add_template_global(asset)
    app.add_template_global(state_word)
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
    }


def _same_page_in(other: str) -> str:
    arguments = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return f"{request.path}?{urlencode([*arguments, ('lang', other)])}"


def _menu() -> list[Entry]:
    actor = g.get("actor")
    if actor is None:
        return []
    entries = []
    if actor.is_company:
        entries += [
            (_("Assessments"), "home.index", ("home", "assessments", "questions")),
            (_("Services"), "profiles.index", ("profiles",)),
            (_("Documents"), "documents.index", ("documents",)),
        ]
    if could_ever(actor, Permission.PORTFOLIO_VIEW):
        entries.append((_("Companies"), "companies.index", ("companies", "reviews", "public_record", "briefs")))
    if could_ever(actor, Permission.REPORT_READ):
        entries.append((_("Reports"), "reports.index", ("reports",)))
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


def day(value: dt.date | None) -> str:
    """A day in the language of the page: 5 March 2026, 5 mars 2026."""
    return format_date(value, "d MMMM y") if value else ""


def moment(value: dt.datetime | None) -> str:
    """A moment in UTC in the language of the page."""
    return f"{format_datetime(value, 'd MMMM y, HH:mm', rebase=False)} UTC" if value else ""


def file_size(value: int) -> str:
    """A number of bytes as people read it: 12 kB, 3.4 MB."""
    if value < 1_000_000:
        return str(_("%(number)s kB", number=number(max(1, round(value / 1000)))))
    return str(_("%(number)s MB", number=number(Decimal(value) / 1_000_000 // Decimal("0.1") * Decimal("0.1"))))


def number(value: Decimal | int | None) -> str:
    """A number in the form of the language of the page, as exact as it was given."""
    if value is None:
        return ""
    exact = value if isinstance(value, int) else value.normalize()
    return format_decimal(exact, locale=language.selected(), decimal_quantization=False)
