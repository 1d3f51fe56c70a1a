"""The weekly digest of staff: in numbers, what waits for whom among the companies that their country leads on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import Date, DateTime, Select, literal, select

from compliance.domain.permissions import OrganisationKind
from compliance.domain.reminders import About, Subject, Why
from compliance.domain.text import Text
from compliance.services.days import zone_of
from compliance.services.reminder.sources.base import Source
from compliance.services.reminder.sources.rounds import Loaded, Round
from compliance.storage.models import Organisation
from compliance.storage.queries import digests as queries


class Digests(Source):
    """One subject for each government and week; its last day is the Sunday."""

    about = About.DIGEST

    def live(self, now: dt.datetime) -> Select[int, dt.datetime | None, dt.date | None]:
        monday = _monday(now.date())
        return select(
            Organisation.id,
            literal(_begin(monday), DateTime(timezone=True)).label("began_at"),
            literal(monday + dt.timedelta(days=6), Date).label("due_on"),
        ).where(Organisation.kind == OrganisationKind.GOVERNMENT)

    def of_companies(self, companies: Select[int], now: dt.datetime) -> Select[int]:
        """Digests are about no company: their governments are those that lead on the companies."""
        del now
        leading = select(Organisation.country).where(Organisation.id.in_(companies))
        return select(Organisation.id).where(
            Organisation.kind == OrganisationKind.GOVERNMENT, Organisation.country.in_(leading)
        )

    def load(self, round: Round, ids: Sequence[int]) -> Mapping[int, Loaded]:
        if not ids:
            return {}
        query = select(Organisation).where(Organisation.id.in_(ids), Organisation.kind == OrganisationKind.GOVERNMENT)
        rows = round.session.scalars(query).all()
        figures = queries.figures(round.session, {row.country or "" for row in rows}, round.now)
        plan = round.plan_of(None)
        assert plan is not None, "the usual plan can always be used"
        return {
            row.id: Loaded(
                subject=self._subject(row, round, any(figures[row.country or ""].values())),
                plan=plan,
                company=row.name,
                cycle=Text("", ""),
                path="/companies",
                staff_path="/companies",
                figures=tuple((code, number) for code, number in figures[row.country or ""].items() if number),
            )
            for row in rows
        }

    def _subject(self, row: Organisation, round: Round, something_waits: bool) -> Subject:
        zone = zone_of(row.time_zone)
        monday = _monday(round.now.astimezone(zone).date())
        return Subject(
            type=self.about,
            id=row.id,
            company_id=row.id,
            began_at=_begin(monday),
            opens_on=monday,
            due_on=monday + dt.timedelta(days=6),
            zone=zone,
            stopped=None if something_waits else Why.NOTHING,
            recipients=round.staff_in(self.about, row.id),
            paused=None in round.paused,
        )


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _begin(monday: dt.date) -> dt.datetime:
    """Before Monday begins anywhere."""
    return dt.datetime.combine(monday, dt.time(0), tzinfo=dt.UTC) - dt.timedelta(hours=14)
