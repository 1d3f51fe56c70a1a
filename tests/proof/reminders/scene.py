"""Many companies that are due for a reminder at one moment, stored in bulk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import insert, select

from compliance.domain.reminder_plans import dump_plan
from compliance.services.transaction import writing
from compliance.storage.models import Assessment, Membership, Organisation, Participation, User
from tests.support import factories

#: The standard cycle of the factories: its first reminder comes at nine on 23 September 2026 in Toronto.
DUE_AT: Final = dt.datetime(2026, 9, 23, 13, tzinfo=dt.UTC)


def many(number: int, *, plan: Sequence[Any] = factories.PLAN) -> int:
    """So many companies with one person each in one new cycle; the id of the cycle."""
    cycle = factories.cycle(reminder_plan=dump_plan(plan))
    with writing() as session:
        first = (session.scalar(select(Organisation.id).order_by(Organisation.id.desc()).limit(1)) or 0) + 1
        numbers = range(first, first + number)
        company = {"kind": "company", "country": "CA", "time_zone": "America/Toronto", "created_at": factories.MADE_AT}
        session.execute(
            insert(Organisation), [company | {"id": n, "slug": f"many-{n}", "name": f"Company {n}"} for n in numbers]
        )
        person = {"created_at": factories.MADE_AT, "active": True, "language": "en"}
        first_user = (session.scalar(select(User.id).order_by(User.id.desc()).limit(1)) or 0) + 1
        users = range(first_user, first_user + number)
        session.execute(
            insert(User),
            [
                person | {"id": n, "email": f"many-{n}@people.example", "name": f"Person {n}", "fs_uniquifier": f"m{n}"}
                for n in users
            ],
        )
        session.execute(
            insert(Membership),
            [
                {"user_id": u, "organisation_id": n, "role": "lead", "started_at": factories.MADE_AT}
                for u, n in zip(users, numbers, strict=True)
            ],
        )
        invited = {"cycle_id": cycle.id, "invitation": "accepted", "invited_at": factories.MADE_AT}
        session.execute(insert(Participation), [invited | {"company_id": n, "reason": ""} for n in numbers])
    return cycle.id


def submit(cycle_id: int, company_ids: Sequence[int]) -> None:
    """These companies have submitted."""
    row = {
        "cycle_id": cycle_id,
        "state": "submitted",
        "started_at": factories.MADE_AT,
        "last_activity_at": factories.MADE_AT,
        "version": 1,
    }
    with writing() as session:
        session.execute(insert(Assessment), [row | {"company_id": id} for id in company_ids])
