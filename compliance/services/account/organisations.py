"""Setting up organisations: companies, government departments, and whoever runs the installation."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid
from compliance.domain.permissions import OrganisationKind
from compliance.domain.slugs import SLUG_LIMIT
from compliance.domain.text import LANGUAGES
from compliance.services import audit
from compliance.services.transaction import writing
from compliance.storage.models import Organisation
from compliance.storage.queries import people

#: The five countries whose governments agreed the principles, with the time zone of each seat of government.
COUNTRIES: Final = {
    "AU": "Australia/Sydney",
    "CA": "America/Toronto",
    "GB": "Europe/London",
    "NZ": "Pacific/Auckland",
    "US": "America/New_York",
}
NAME_LIMIT: Final = 120
SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """What is said of a new organisation. `country`: a government's own, or the one that leads on a company."""

    slug: str
    name: str
    kind: OrganisationKind
    country: str | None = None
    time_zone: str = ""  # empty: that of the country's seat of government, or UTC
    language: str = "en"


def create(new: NewOrganisation, *, now: dt.datetime) -> Organisation:
    """Create an organisation. Raises Invalid with everything that is wrong with it."""
    with writing() as session:
        problems = list(_problems(new))
        if not problems and people.organisation_by_slug(session, new.slug) is not None:
            problems.append(Problem("slug", "slug_taken", {"slug": new.slug}))
        if problems:
            raise Invalid(problems)
        organisation = Organisation(
            slug=new.slug,
            name=" ".join(new.name.split()),
            kind=new.kind,
            country=new.country,
            time_zone=new.time_zone or COUNTRIES.get(new.country or "", "UTC"),
            language=new.language,
            created_at=now,
        )
        session.add(organisation)
        session.flush()
        audit.record(
            session,
            None,
            "organisation.create",
            f"organisation:{organisation.id}",
            now=now,
            organisation_id=organisation.id if new.kind is OrganisationKind.COMPANY else None,
            after=described(organisation),
        )
    return organisation


def described(organisation: Organisation) -> dict[str, object]:
    """An organisation as plain data, for the audit trail."""
    return {name: getattr(organisation, name) for name in ("slug", "name", "kind", "country", "time_zone", "language")}


def slug_problems(slug: str) -> Iterator[Problem]:
    """What is wrong with a slug, which stands in addresses and in files."""
    if len(slug) > SLUG_LIMIT or not SLUG.fullmatch(slug):
        yield Problem("slug", "slug_form", {"slug": slug, "limit": str(SLUG_LIMIT)})


def _problems(new: NewOrganisation) -> Iterator[Problem]:
    yield from slug_problems(new.slug)
    name = " ".join(new.name.split())
    if not name:
        yield Problem("name", "name_needed")
    elif len(name) > NAME_LIMIT:
        yield Problem("name", "too_long", {"limit": str(NAME_LIMIT)})
    if new.kind is OrganisationKind.OPERATOR:
        if new.country is not None:
            yield Problem("country", "operator_country")
    elif new.country not in COUNTRIES:
        yield Problem("country", "country_needed", {"countries": ", ".join(COUNTRIES)})
    if new.time_zone and not _is_time_zone(new.time_zone):
        yield Problem("time_zone", "unknown_time_zone", {"time_zone": new.time_zone})
    if new.language not in LANGUAGES:
        yield Problem("language", "unknown_language", {"languages": ", ".join(LANGUAGES)})


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown, not a name at all, or the name of a folder
        return False
    return True
