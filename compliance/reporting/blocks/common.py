"""Turns of phrase that several blocks share. Their words are in the outline's frame."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from babel import Locale, UnknownLocaleError

from compliance.domain.answers import is_web_address
from compliance.reporting.document import Line, Run
from compliance.reporting.facts import Both, CompanyBrief, Edition, Indicator, Said, Severity
from compliance.reporting.voice import Voice

MOST_NAMES: Final = 4
MOST_NAMES_IN_LIST: Final = 6
_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_HOLE: Final = "\x00"


def line(text: str) -> Line:
    """A line of plain text."""
    return (Run(text),)


def quiet(text: str) -> Line:
    """A line that stands back."""
    return (Run(text, "quiet"),)


def strong(text: str) -> Line:
    """A line that stands out."""
    return (Run(text, "strong"),)


def tag(severity: Severity, voice: Voice) -> Run:
    """The word of a severity with its symbol and colour."""
    return Run(voice.text(severity["word"]), "tag", symbol=severity["symbol"], colour=severity["colour"])


def indicator_name(indicator: Indicator, voice: Voice) -> str:
    """ "P05.b Detection during live video"."""
    return f"{indicator['id']} {voice.text(indicator['name'])}"


def n_of(number: int, of: int, voice: Voice) -> str:
    """ "7 of 12": a share is never shown without its denominator."""
    return voice.say("n_of", number=voice.number(number), of=voice.number(of))


def services_phrase(names: Sequence[str], of: int, voice: Voice) -> str:
    """Which services: the first few names, how many more, and out of how many. No name means the whole company."""
    if not names:
        return voice.say("company_wide")
    if of <= 1:
        return voice.list(names)
    numbers = {"number": voice.number(len(names)), "of": voice.number(of)}
    if len(names) <= MOST_NAMES:
        return voice.say("services_some", names=voice.list(names), **numbers)
    shown = ", ".join(names[: MOST_NAMES - 1])
    return voice.say("services_more", len(names) - MOST_NAMES + 1, names=shown, **numbers)


def names_phrase(names: Sequence[str], voice: Voice) -> str:
    """The names of services, of many the first and how many more; no name means the whole company."""
    if len(names) <= MOST_NAMES_IN_LIST:
        return voice.list(names) if names else voice.say("company_wide")
    shown = ", ".join(names[: MOST_NAMES - 1])
    return voice.say("names_more", len(names) - MOST_NAMES + 1, names=shown)


def edition_phrase(edition: Edition, voice: Voice) -> str:
    """Draft until a named person has approved the report; a redacted edition says that it is one."""
    said = voice.say("draft")
    if edition["approved_on"] is not None:
        said = voice.say(
            "approved",
            name=edition["approved_by"],
            date=voice.date(edition["approved_on"]),
            version=voice.number(edition["version"]),
        )
    return voice.say("redacted", edition=said) if edition["name"] == "redacted" else said


def around(key: str, run: Run, voice: Voice) -> Line:
    """The sentence `key` with `run` in place of its {text}."""
    before, _, after = voice.say(key, text=_HOLE).partition(_HOLE)
    return tuple(part for part in (Run(before), run, Run(after)) if part.text)


def own_words(said: Said, voice: Voice, *, marks: bool = True) -> Line:
    """Somebody's own words, in quotation `marks`; another language than the document's is named and tagged."""
    foreign = said["language"] if _TAG.fullmatch(said["language"]) else ""
    if foreign.partition("-")[0] == voice.language:
        foreign = ""
    words = Run(said["text"], language=foreign)
    runs = list(around("quote", words, voice)) if marks else [words]
    if said["shortened"]:
        runs.append(Run(" " + voice.say("shortened"), "quiet"))
    if foreign:
        runs.append(Run(" " + voice.say("original", language=_language_name(foreign, voice)), "quiet"))
    return tuple(runs)


def _language_name(language: str, voice: Voice) -> str:
    try:
        return Locale.parse(language, sep="-").get_display_name(voice.language) or language
    except (UnknownLocaleError, ValueError):
        return language


def link(address: str) -> Run:
    """An address; it becomes a link only when it is a plain web address."""
    return Run(address, address=address if is_web_address(address) else "")


def both_or_none(both: Both | None, voice: Voice) -> str:
    """The text in the voice's language; "" when there is none."""
    return voice.text(both).strip() if both else ""


def source_list(facts: CompanyBrief) -> dict[str, str]:
    """Every source of the report in the order of its numbers (from 1): address or title, and the date as published."""
    found: dict[str, str] = {}
    if facts["company"]["endorsement_source"]:
        found.setdefault(facts["company"]["endorsement_source"], "")
    for strength in facts["strengths"]:
        for address in strength["sources"]:
            found.setdefault(address, "")
    for fact in facts["public_record"]:
        if not found.get(fact["source_address"]):
            found[fact["source_address"]] = fact["source_date"]
    found.pop("", None)
    return found


def source_places(facts: CompanyBrief) -> dict[str, int]:
    """Where each source stands in the list of sources, from 1."""
    return {address: place for place, address in enumerate(source_list(facts), 1)}


def references(addresses: Sequence[str], places: Mapping[str, int]) -> str:
    """ "[1] [3]": the places of sources, "" when none is listed."""
    return " ".join(f"[{place}]" for place in sorted({places[address] for address in addresses if address in places}))
