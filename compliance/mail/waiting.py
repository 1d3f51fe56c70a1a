"""What a reminder mail lists: plain values, no content of any assessment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

from compliance.domain.reminders import About
from compliance.domain.text import Text

#: Who reads the line: people of the company, its executive contact, or staff.
Reader = Literal["company", "executive", "staff"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for a person: what it is about, for which company and cycle, until the end of which day.

    `count` is how many of the same there are: five pieces of evidence that expire on one day are one line.
    """

    about: About
    subject_id: int
    company: str
    cycle: Text
    due_on: dt.date
    today: dt.date
    zone: ZoneInfo
    invited: bool = False
    reader: Reader = "company"
    notice: bool = False
    path: str = "/"
    count: int = 1
    figures: tuple[tuple[str, int], ...] = field(default=())

    @property
    def overdue(self) -> bool:
        return self.today > self.due_on
