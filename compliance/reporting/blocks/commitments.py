"""What companies have undertaken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from compliance.reporting.blocks.common import indicator_name, line, own_words, quiet, strong
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.charts import Moment, timeline
from compliance.reporting.document import Block, Chart, Line, Paragraph, Table, TableCell
from compliance.reporting.facts import Colour, Commitment, OfCommitments
from compliance.reporting.voice import Voice

#: More rows than this fit no page; the table has them all.
MOST_ROWS = 35
DONE = ("done", "verified")


@block(
    "commitments",
    may_be_empty=True,
    chart=sentence(),
    told=sentence("name", "date", "state"),
    overdue=sentence(),
    caption=sentence(),
    about_column=sentence(),
    text_column=sentence(),
    due_column=sentence(),
    state_column=sentence(),
    owner=sentence("name"),
    first_rows=sentence("number", "of"),
)
def commitments(facts: OfCommitments, voice: Voice) -> list[Block]:
    """Each with its day, on a line of time and in a table."""
    found = facts["commitments"]
    if not found:
        return []
    several = len({item["company"] for item in found}) > 1
    shown = found[:MOST_ROWS]
    moments = [
        Moment(_name(item, voice, company=several), dt.date.fromisoformat(item["due_on"]), *_looks(item))
        for item in shown
    ]
    today = dt.date.fromisoformat(facts["generated_on"])
    chart = Chart(voice.say("chart"), _told(shown, voice, company=several), timeline(moments, today, voice.month))
    columns = tuple(voice.say(f"{name}_column") for name in ("about", "text", "due", "state"))
    rows = tuple(_row(item, voice, company=several) for item in found)
    cut = [Paragraph(quiet(voice.say("first_rows", number=voice.number(len(shown)), of=voice.number(len(found)))))]
    return [chart, *(cut if len(shown) < len(found) else []), Table(voice.say("caption"), columns, rows, (6, 9, 4, 4))]


def _looks(item: Commitment) -> tuple[str, Colour]:
    """Symbol and colour; the words are in the table."""
    if item["overdue"]:
        return "!", "red"
    if item["state"]["id"] in DONE:
        return "✓", "green"
    return "", "blue" if item["state"]["id"] == "agreed" else "grey"


def _name(item: Commitment, voice: Voice, *, company: bool) -> str:
    about = indicator_name(item["indicator"], voice) if item["indicator"] else item["text"]["text"]
    return f"{item['company']} · {about}" if company else about


def _told(items: Sequence[Commitment], voice: Voice, *, company: bool) -> str:
    return " ".join(
        voice.say(
            "told", name=_name(item, voice, company=company), date=voice.date(item["due_on"]), state=_state(item, voice)
        )
        for item in items
    )


def _state(item: Commitment, voice: Voice) -> str:
    word = voice.text(item["state"]["word"])
    return f"{word}, {voice.say('overdue')}" if item["overdue"] else word


def _row(item: Commitment, voice: Voice, *, company: bool) -> tuple[TableCell, ...]:
    about: list[Line] = [strong(item["company"])] if company else []
    about.append(line(indicator_name(item["indicator"], voice) if item["indicator"] else voice.say("company_wide")))
    about.append(quiet(item["service"] if item["service"] is not None else voice.say("company_wide")))
    text: list[Line] = [own_words(item["text"], voice)]
    if item["owner"]:
        text.append(quiet(voice.say("owner", name=item["owner"])))
    return (tuple(about), tuple(text), (line(voice.date(item["due_on"])),), (line(_state(item, voice)),))
