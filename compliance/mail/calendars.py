"""Dates as an iCalendar file: the attachment of a reminder, and a person's calendar address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event

#: RFC 7986: how often a calendar program should look again.
_REFRESH = dt.timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Entry:
    """A day on which something is due. `id` stays the same when the day moves, so that the entry moves with it."""

    id: str
    day: dt.date
    title: str
    text: str
    address: str = ""


def calendar(entries: Sequence[Entry], *, now: dt.datetime, method: str = "", name: str = "") -> bytes:
    """The entries as whole days. A later file wins over an earlier one: its sequence number is higher."""
    from icalendar import Calendar  # noqa: PLC0415 - loaded where a calendar is made, not in every server

    made = Calendar()
    made.add("prodid", "-//Voluntary Principles tracker//reminders//EN")
    made.add("version", "2.0")
    if method:
        made.add("method", method)
    if name:
        made.add("name", name)
        made.add("x-wr-calname", name)
        made.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    for entry in entries:
        made.add_component(_event(entry, now))
    content: bytes = made.to_ical()
    return content


def _event(entry: Entry, now: dt.datetime) -> Event:
    from icalendar import Event  # noqa: PLC0415 - as above

    event = Event()
    event.add("uid", entry.id)
    event.add("dtstamp", now)
    event.add("sequence", int(now.timestamp()) // 60)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + dt.timedelta(days=1))
    event.add("summary", entry.title)
    event.add("description", entry.text)
    event.add("transp", "TRANSPARENT")  # a last day keeps nobody busy
    if entry.address:
        event.add("url", entry.address)
    return event
