"""Values that several tests of the rules start from."""

import datetime as dt

from compliance.domain.answers import AnswerEntry, Status
from compliance.domain.submissions import Sealed, SealedService, Signature


def sealed_sample() -> Sealed:
    """A signed copy of two answers on one service and for the company."""
    return Sealed(
        company="harbour",
        cycle="2026-h1",
        framework="tiny-charter",
        framework_version="1.0",
        framework_sha256="0" * 64,
        number=1,
        language="en",
        services=(SealedService("photos", "Photos", frozenset({"letters"})), SealedService("mail", "Mail", None)),
        answers={
            ("photos", "C1.a"): AnswerEntry(Status.IN_PLACE, explanation="Toujours.", language="fr"),
            (None, "C2.a"): AnswerEntry(Status.PLANNED, planned_on=dt.date(2027, 1, 1), language="en"),
        },
        signature=Signature("Ada Sample", "Head of safety", "By decision of the board"),
        submitted_at=dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC),
    )
