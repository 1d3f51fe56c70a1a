"""Tenant scope: the one place that says which rows a person's organisation can see at all.

Every query for a company's content starts here. A row outside the scope does not exist for the person, so a foreign
address answers 404. What a person may then do with a visible row is the table in `domain/permissions.py`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from compliance.domain.assessments import State
from compliance.domain.permissions import Actor, Role
from compliance.storage.models import (
    Assessment,
    AuditEvent,
    Commitment,
    Engagement,
    Organisation,
    Report,
    ReviewNote,
    Sharing,
)


def companies(actor: Actor) -> ColumnElement[bool]:
    """Companies whose name, participation and endorsement the person may see: its own, or all for a government."""
    is_company = Organisation.kind == "company"
    if actor.is_government:
        return is_company
    if actor.is_company:
        return and_(is_company, Organisation.id == actor.organisation_id)
    return false()


def own(actor: Actor, company_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Rows of the person's own company: drafts, and whatever else government never sees."""
    return company_id == actor.organisation_id if actor.is_company else false()


def content(
    actor: Actor, company_id: InstrumentedAttribute[int], cycle_id: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Rows of a company's content in a cycle that is shared with the person's government."""
    if not actor.is_government:
        return false()
    return exists().where(
        Sharing.company_id == company_id,
        Sharing.cycle_id == cycle_id,
        Sharing.country == actor.country,
        Sharing.ended_at.is_(None),
    )


def content_in(actor: Actor, company_id: InstrumentedAttribute[int], cycle_id: int) -> ColumnElement[bool]:
    """The company's content in another cycle than the row's is shared with the person's government, too."""
    if not actor.is_government:
        return false()
    return exists().where(
        Sharing.company_id == company_id,
        Sharing.cycle_id == cycle_id,
        Sharing.country == actor.country,
        Sharing.ended_at.is_(None),
    )


def assessments(actor: Actor) -> ColumnElement[bool]:
    """Assessments the person may open: the own company's, or those shared with its government and not a draft."""
    if actor.is_company:
        return own(actor, Assessment.company_id)
    return and_(
        content(actor, Assessment.company_id, Assessment.cycle_id),
        Assessment.state.not_in([State.DRAFT, State.WITHDRAWN]),
    )


def commitments(actor: Actor) -> ColumnElement[bool]:
    """Commitments: the own company's, or those made in a cycle that is shared with the person's government."""
    if actor.is_company:
        return own(actor, Commitment.company_id)
    return content(actor, Commitment.company_id, Commitment.cycle_id)


def engagements(actor: Actor) -> ColumnElement[bool]:
    """Meetings of the person's own government. No company ever sees one, and no other government."""
    if not actor.is_government:
        return false()
    return Engagement.country == actor.country


def review_notes(actor: Actor) -> ColumnElement[bool]:
    """Notes of reviewers: the own department's, and what other departments shared with all who see the answer."""
    if not actor.is_government:
        return false()
    return or_(ReviewNote.organisation_id == actor.organisation_id, ReviewNote.shared_at.is_not(None))


def public_records(actor: Actor) -> ColumnElement[bool]:
    """The public record is public: every government sees all of it. Companies are shown theirs by a later part."""
    return true() if actor.is_government else false()


def reports(actor: Actor) -> ColumnElement[bool]:
    """Reports of the person's government; whoever only reads sees those that were released, withdrawn ones too."""
    if not actor.is_government:
        return false()
    if actor.roles == {Role.READER}:
        return and_(Report.country == actor.country, Report.released_at.is_not(None))
    return Report.country == actor.country


def released_to(actor: Actor) -> ColumnElement[bool]:
    """Reports about the person's own company that were released, and hold no finding that it has not seen."""
    if not actor.is_company:
        return false()
    return and_(
        Report.company_id == actor.organisation_id, Report.released_at.is_not(None), Report.seen_by_company.is_(True)
    )


#: What an administrator may read of other organisations' chains: accounts and settings, never content.
_ACCOUNTS: Final = (
    *("address", "invitation", "organisation", "password", "second_factor", "session", "single_sign_on", "user"),
)


def trail(actor: Actor) -> ColumnElement[bool]:
    """Audit events of the own organisation's chain; for an administrator the system's, and all about accounts."""
    if actor.is_company or actor.is_government:
        return AuditEvent.chain == f"organisation:{actor.organisation_id}"
    return or_(
        AuditEvent.chain == "system",
        *(AuditEvent.action.startswith(f"{noun}.") for noun in _ACCOUNTS),
    )


__all__ = [
    "assessments",
    "commitments",
    "companies",
    "content",
    "content_in",
    "engagements",
    "own",
    "public_records",
    "released_to",
    "reports",
    "review_notes",
    "trail",
]
