"""Puts what an official wrote into the facts of a brief, and takes it out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compliance.reporting.facts import Ask, Author, Both, CompanyBrief
from compliance.reporting.selection import MOST_ASKS, choose_asks


def no_author() -> Author:
    """Nothing written yet."""
    return {
        "meeting": None,
        "objective": {"en": "", "fr": ""},
        "likely": [],
        "lines_to_take": {"en": "", "fr": ""},
        "sensitivities": {"en": "", "fr": ""},
        "next_steps": {"en": "", "fr": ""},
    }


@dataclass(frozen=True, slots=True)
class AskEdit:
    """What the author made of the ask about one indicator. None keeps what is proposed."""

    indicator_id: str
    wording: Both | None = None
    expected_reply: Both | None = None
    by: str | None = None


def with_author(
    facts: CompanyBrief, author: Author, asks: Sequence[AskEdit] = (), *, of: Mapping[str, int] | None = None
) -> CompanyBrief:
    """A copy of the facts with the author's texts, and with the asks that the author chose, in that order.

    Without `asks` the proposed ones stay; an indicator that is no gap any more is no longer asked for. `of` is the
    number of services to which each indicator applies. In a redacted edition from which answers are withheld the
    author's texts are left out: whoever wrote them knew the answers. Of an edition from which nothing is withheld
    only the sensitivities go, which name what must not be raised.
    """
    if facts["edition"]["name"] == "redacted":
        if facts["withheld"]:
            return {**facts, "author": no_author()}
        author = {**author, "sensitivities": {"en": "", "fr": ""}}
    chosen = facts["asks"]
    if asks:
        known = {ask["indicator"]["id"]: ask for ask in choose_asks(facts["gaps"], of or {}, limit=len(facts["gaps"]))}
        known |= {ask["indicator"]["id"]: ask for ask in facts["asks"]}
        chosen = [_edited(known[edit.indicator_id], edit) for edit in asks if edit.indicator_id in known][:MOST_ASKS]
    return {**facts, "author": author, "asks": chosen}


def _edited(ask: Ask, edit: AskEdit) -> Ask:
    return {**ask, "wording": edit.wording, "expected_reply": edit.expected_reply, "by": edit.by or ask["by"]}
