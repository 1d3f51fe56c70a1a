"""Mail texts: templates/email/<name>/{subject.txt, body.txt, body.html}, in a language that is always an argument."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import css_inline
from babel.dates import format_date, get_timezone_location
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from compliance.mail.waiting import Waiting

TEMPLATES: Final = Path(__file__).resolve().parents[2] / "templates"
WORDS: Final = TEMPLATES / "words"


@dataclass(frozen=True, slots=True)
class Rendered:
    from_name: str
    subject: str
    text: str
    html: str


def render(mail: str, language: str, words: Path = WORDS, /, **values: Any) -> Rendered:
    """The texts of the mail `mail`. A value that a template needs and does not get is an error, not a blank."""
    environment = _environment(language, words)

    def text_of(part: str) -> str:
        return environment.get_template(f"email/{part}").render(language=language, **values).strip() + "\n"

    return Rendered(
        from_name=text_of("from_name.txt").strip(),
        subject=" ".join(text_of(f"{mail}/subject.txt").split()),
        text=text_of(f"{mail}/body.txt"),
        html=css_inline.inline(
            text_of(f"{mail}/body.html"), keep_style_tags=False, load_remote_stylesheets=False
        ).strip()
        + "\n",
    )


def site_name(language: str, words: Path = WORDS) -> str:
    """What the product calls itself in mails."""
    return one_line(_environment(language, words).get_template("email/from_name.txt").render(language=language))


def one_line(text: str) -> str:
    """The words of a macro as one line of plain text: what is put into HTML is escaped there, once."""
    return " ".join(str(text).split())


def entry_words(item: Waiting, language: str, words: Path = WORDS) -> tuple[str, str]:
    """Title and text of a calendar entry for something that waits: the words of the mail."""
    module = _environment(language, words).get_template("email/parts/words.txt").make_module({"language": language})
    say = {name: one_line(getattr(module, name)(item)) for name in ("title", "what", "until")}
    return say["title"], f"{say['what']} {say['until']}".strip()


def day_in_words(day: dt.date | str, language: str) -> str:
    """ "Friday 30 April 2027", "vendredi 30 avril 2027": day before month in both, the month written out.

    A message keeps its days as ISO 8601 text.
    """
    day = dt.date.fromisoformat(day) if isinstance(day, str) else day
    text: str = format_date(day, "EEEE d MMMM y", locale=language)
    return text.replace(" 1 ", " 1er ", 1) if language == "fr" else text


def place_of(zone: ZoneInfo, language: str) -> str:
    """The city that a time zone is named for, or "UTC"."""
    if "/" not in zone.key or zone.key.startswith("Etc/"):
        return zone.key.removeprefix("Etc/")
    place: str = get_timezone_location(zone, locale=language, return_city=True)
    return place


@cache
def _environment(language: str, words: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # Not flask_babel: the language belongs to the recipient, and there is no request here to take it from.
    translations: NullTranslations = (
        Translations.load(str(words), [language]) if language != "en" else NullTranslations()
    )
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["day"] = lambda day: day_in_words(day, language)
    environment.filters["line"] = one_line
    environment.filters["place"] = lambda zone: place_of(zone, language)
    return environment
