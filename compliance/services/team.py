"""The people of a company, as their lead manages them: invite a colleague, end a role, hand over what they had."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import Actor, Permission, Role, could_ever
from compliance.services import audit, records, users
from compliance.services.actors import require
from compliance.services.transaction import reading, writing
from compliance.services.users import Granted, NewRole
from compliance.storage.models import Membership, Organisation, User
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


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is to join the team, as typed. Name and language count for a new account only."""

    email: str
    name: str
    role: str
    language: str


def invite(actor: Actor, invitation: Invitation, hash_password: Callable[[str], str], *, now: dt.datetime) -> Granted:
    """Give a colleague a role, and an account if there is none yet. Raises Invalid as `users.create_user` does."""
    require(actor, Permission.TEAM_MANAGE, records.of_company(actor.organisation_id))
    if invitation.role not in set(Role):
        raise Invalid([Problem("role", "role_needed")])
    company = reading().get_one(Organisation, actor.organisation_id)
    new = NewRole(
        email=invitation.email,
        role=Role(invitation.role),
        organisation=company.slug,
        name=invitation.name,
        language=invitation.language,
    )
    return users.create_user(new, hash_password, now=now, by=actor)


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
