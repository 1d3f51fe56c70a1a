"""What an official writes into a report: which texts there are, how long they may be, and what is still missing.

Every text is entered in English and in French. One that is empty in both prints nothing; one that is there in a single
language keeps the report from being released in the other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from compliance.domain.answers import Problem
from compliance.domain.text import LANGUAGES, Language

Kind = Literal["text", "day"]
Content = Mapping[str, Any]  # {"objective": {"en": "…", "fr": "…"}, "held_on": "2026-03-05"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing to enter on a page: a text in both languages, of at most `limit` characters, or a day."""

    name: str
    kind: Kind = "text"
    limit: int = 2_000


@dataclass(frozen=True, slots=True)
class Slot:
    """What is entered on one page and saved at once. `wanted` texts are listed while they are empty."""

    name: str
    pieces: tuple[Piece, ...]
    wanted: bool = True


MOST_LIKELY: Final = 4  # things that the company is likely to say
ASK: Final = "ask:"

SLOTS: Final[Mapping[str, Slot]] = {
    slot.name: slot
    for slot in (
        Slot("meeting", (Piece("held_on", "day"), Piece("place", limit=200), Piece("participants", limit=1_000))),
        Slot("objective", (Piece("objective", limit=600),)),
        Slot(
            "likely",
            tuple(
                Piece(f"{part}_{number}", limit=600)
                for number in range(1, MOST_LIKELY + 1)
                for part in ("they_say", "we_say")
            ),
        ),
        Slot("lines_to_take", (Piece("lines_to_take"),)),
        Slot("sensitivities", (Piece("sensitivities"),)),
        Slot("next_steps", (Piece("next_steps"),)),
    )
}
#: Which asks the report makes, in their order: {"indicators": [ids]}. Without any, those that are proposed.
CHOSEN: Final = "asks"
MOST_ASKS: Final = 3
_ASK_PIECES: Final = (Piece("wording", limit=500), Piece("expected_reply", limit=500), Piece("by", "day"))


def slot_of(name: str) -> Slot | None:
    """The slot of this name; "ask:<indicator>" is what the author makes of the ask about one indicator."""
    if name.startswith(ASK) and len(name) > len(ASK):
        return Slot(name, _ASK_PIECES, wanted=False)
    if name == CHOSEN:
        return Slot(name, (), wanted=False)
    return SLOTS.get(name)


def ask_slot(indicator_id: str) -> str:
    """Edits are kept by the indicator, so that they outlive a change of the facts and come back with the gap."""
    return ASK + indicator_id


def problems_of(slot: Slot, content: Content) -> list[Problem]:
    """What stands in the way of saving: a text that is too long, or too many asks."""
    if len(content.get("indicators", ())) > MOST_ASKS:
        return [Problem("indicators", "too_many", {"limit": str(MOST_ASKS)})]
    return [
        Problem(f"{piece.name}_{language}", "too_long", {"limit": str(piece.limit)})
        for piece in slot.pieces
        if piece.kind == "text"
        for language in LANGUAGES
        if len(text_in(content, piece.name, language)) > piece.limit
    ]


def text_in(content: Content, name: str, language: Language) -> str:
    """A text in one language; "" when it is not there."""
    both = content.get(name)
    return str(both.get(language, "")).strip() if isinstance(both, Mapping) else ""


def day_in(content: Content, name: str) -> dt.date | None:
    """A day; None when it was not entered."""
    value = content.get(name)
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else None


def is_empty(slot: Slot, content: Content) -> bool:
    """Was nothing entered at all?"""
    return not any(
        day_in(content, piece.name)
        if piece.kind == "day"
        else any(text_in(content, piece.name, language) for language in LANGUAGES)
        for piece in slot.pieces
    )


@dataclass(frozen=True, slots=True)
class Missing:
    """A text that is there in the other language only."""

    slot: str
    piece: str
    language: Language


def missing_in(texts: Mapping[str, Content]) -> list[Missing]:
    """Every text, by slot, that is there in one language and not in the other."""
    found = []
    for name, content in texts.items():
        slot = slot_of(name)
        for piece in slot.pieces if slot else ():
            if piece.kind == "text":
                there = [language for language in LANGUAGES if text_in(content, piece.name, language)]
                if len(there) == 1:
                    absent = next(language for language in LANGUAGES if language not in there)
                    found.append(Missing(name, piece.name, absent))
    return found


def ready_languages(missing: Iterable[Missing]) -> tuple[Language, ...]:
    """The languages in which nothing is missing: a report is released in these and in no other."""
    lacking = {item.language for item in missing}
    return tuple(language for language in LANGUAGES if language not in lacking)


def empty_slots(texts: Mapping[str, Content]) -> list[str]:
    """The texts that nobody wrote, in their order: they print nothing, and are listed before approval."""
    return [slot.name for slot in SLOTS.values() if slot.wanted and is_empty(slot, texts.get(slot.name, {}))]


def words_in(content: Content, language: Language) -> int:
    """The number of words entered in one language."""
    return sum(len(text_in(content, name, language).split()) for name in content)
