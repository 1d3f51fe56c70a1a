"""What disputed functions change: which questions an assessment asks, and in the end the company's own profile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from compliance.domain.disputes import agreed_to, changes_of
from compliance.domain.permissions import Actor
from compliance.services.assessment.profiles import change_functions
from compliance.storage.models import Assessment, Clarification
from compliance.storage.queries import assessments, exchange


def named(rows: Sequence[Clarification]) -> list[tuple[str, Clarification]]:
    """The disputes among `rows`, each with the slug of its service."""
    return [(row.service.slug, row) for row in rows if row.function and row.service is not None]


def apply(session: Session, assessment: Assessment) -> None:
    """Write down how the disputes of an assessment change what is asked."""
    session.flush()
    changes = changes_of(named(exchange.disputes(session, assessment.id)))
    if assessment.profile_changes != changes:
        assessment.profile_changes = changes
        session.flush()


def come_round(
    session: Session, actor: Actor, assessment: Assessment, asked: Sequence[Clarification], *, now: dt.datetime
) -> None:
    """The company signed what it agreed to: its own profile says so, too, from here on."""
    agreed = agreed_to(named(asked))
    services = assessments.services_of(session, assessment.company_id) if agreed else ()
    for service in services:
        if service.slug in agreed:
            change_functions(session, actor, service, agreed[service.slug], now=now)
