"""The people of a company, as their lead manages them: invite a colleague, end a role, hand over what they had."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import Actor, Permission, Role, could_ever
from compliance.services import audit, records
from compliance.services.account import invitations
from compliance.services.account.invitations import Invited, Next
from compliance.services.account.people import shut
from compliance.services.actors import require
from compliance.services.transaction import reading, writing
from compliance.storage.models import Membership, User
from compliance.storage.queries import team as stored


@dataclass(frozen=True, slots=True)
class Member:
    """A person in the team with the roles held now, and how many assignments in open cycles."""

    user: User
    roles: Sequence[Role]
    assignments: int


@dataclass(frozen=True, slots=True)
class Team:
    members: Sequence[Member]
    manageable: bool


def team(actor: Actor) -> Team:
    """The people of the own company."""
    require(actor, Permission.TEAM_VIEW, records.of_company(actor.organisation_id))
    session = reading()
    counts = stored.assignment_counts(session, actor.organisation_id)
    rows = stored.members(session, actor.organisation_id)
    people = {row.user.id: row.user for row in rows}
    members = [
        Member(person, [Role(row.role) for row in rows if row.user_id == person.id], counts.get(person.id, 0))
        for person in people.values()
    ]
    return Team(members, could_ever(actor, Permission.TEAM_MANAGE))


def invite(actor: Actor, invitation: Invited, *, now: dt.datetime, base_url: str) -> Next:
    """Invite a colleague: someone new gets a link by mail. Raises Invalid as `invitations.invite` does."""
    require(actor, Permission.TEAM_MANAGE, records.of_company(actor.organisation_id))
    return invitations.invite(actor, invitation, now=now, base_url=base_url)


def member(actor: Actor, user_id: int) -> Member:
    """One of them; raises NotFound for anybody else."""
    found = next((item for item in team(actor).members if item.user.id == user_id), None)
    if found is None:
        raise NotFound(str(user_id))
    return found


def end(actor: Actor, user_id: int, successor_id: int | None, *, now: dt.datetime) -> int:
    """End a colleague's roles in the company and hand over the assignments; how many went to the successor.

    Drafts belong to the assessment and stay as they are. Raises Invalid when the person is the last lead, or the
    successor is not a colleague who may answer; NotFound for someone who is not in the team.
    """
    require(actor, Permission.TEAM_MANAGE, records.of_company(actor.organisation_id))
    with writing() as session:
        rows = stored.held_members(session, actor.organisation_id)
        leaving = [row for row in rows if row.user_id == user_id]
        if not leaving:
            raise NotFound(str(user_id))
        staying = [row for row in rows if row.user_id != user_id]
        if not any(row.role == Role.LEAD for row in staying):
            raise Invalid([Problem("successor", "last_lead")])
        able = {row.user_id for row in staying if row.role in (Role.CONTRIBUTOR, Role.LEAD)}
        if successor_id is not None and successor_id not in able:
            raise Invalid([Problem("successor", "unknown_colleague")])
        handed = _hand_over(session, actor, user_id, successor_id, now)
        _end(session, actor, leaving, successor_id, handed, now)
    return handed


def _hand_over(session: Session, actor: Actor, user_id: int, successor_id: int | None, now: dt.datetime) -> int:
    rows = stored.open_assignments_of(session, actor.organisation_id, user_id)
    for row in rows:
        if successor_id is None:
            session.delete(row)
        else:
            row.user_id, row.assigned_by_id, row.assigned_at = successor_id, actor.user_id, now
    return len(rows) if successor_id is not None else 0


def _end(
    session: Session,
    actor: Actor,
    leaving: Sequence[Membership],
    successor_id: int | None,
    handed: int,
    now: dt.datetime,
) -> None:
    for row in leaving:
        row.ended_at = now
    shut(session, leaving[0].user, now)  # a person acts in one organisation: without a role the account is of no use
    audit.record(
        session,
        actor,
        "team.end",
        f"user:{leaving[0].user_id}",
        now=now,
        organisation_id=actor.organisation_id,
        before={"roles": sorted(row.role for row in leaving)},
        after={"roles": [], "successor": successor_id, "handed_over": handed},
    )
