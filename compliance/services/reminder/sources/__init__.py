"""The sources of reminders, by what they are about. A new one is a file here and a line in `SOURCES`.

A source says which of its rows may still wait for somebody (in SQL, for the rounds), and loads rows as subjects of the
rules in `domain/reminder_rules` (in bulk, for rounds, pages and the last look before sending).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from compliance.domain.reminders import About
from compliance.services.reminder.sources.base import Source
from compliance.services.reminder.sources.digests import Digests
from compliance.services.reminder.sources.exchange import Clarifications, Replies
from compliance.services.reminder.sources.participations import Participations
from compliance.services.reminder.sources.promises import Commitments, ExpiringEvidence, FollowUps
from compliance.services.reminder.sources.rounds import Loaded, Round

SOURCES: Final[Mapping[About, Source]] = {
    source.about: source
    for source in (
        Participations(),
        Clarifications(),
        Replies(),
        Commitments(),
        ExpiringEvidence(),
        FollowUps(),
        Digests(),
    )
}

__all__ = ["SOURCES", "Loaded", "Round", "Source"]
