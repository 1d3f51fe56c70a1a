"""Accounts, without scope: for signing in, for a person's own account, and for those who give accounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload

from compliance.domain.permissions import Role
from compliance.storage.models import (
    AccountLink,
    Identity,
    Invitation,
    Membership,
    Organisation,
    Passkey,
    RecoveryCode,
    SingleSignOn,
    User,
    UserSession,
)


def session_by_key(session: Session, key_hash: str) -> UserSession | None:
    """A session that was not ended, with its person, memberships and organisations: one query, made by each request."""
    return _with_person(session, UserSession.key_hash == key_hash)


def session_by_id(session: Session, session_id: int) -> UserSession | None:
    """The same by its number."""
    return _with_person(session, UserSession.id == session_id)


def _with_person(session: Session, which: ColumnElement[bool]) -> UserSession | None:
    query = (
        select(UserSession)
        .where(which, UserSession.ended_at.is_(None))
        .options(joinedload(UserSession.user).joinedload(User.memberships).joinedload(Membership.organisation))
    )
    return session.scalars(query).unique().one_or_none()


def touch(session: Session, session_id: int, now: dt.datetime) -> None:
    session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.last_used_at < now)
        .values(last_used_at=now)
        .execution_options(synchronize_session=False)
    )


def open_sessions(session: Session, user_id: int) -> Sequence[UserSession]:
    """The sessions of a person that were not ended, newest use first."""
    return session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.second_at.is_not(None))
        .order_by(UserSession.last_used_at.desc(), UserSession.id.desc())
    ).all()


def end_sessions(session: Session, user_id: int, reason: str, now: dt.datetime, *, but: int | None = None) -> None:
    """End all sessions of a person, but one."""
    query = update(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    if but is not None:
        query = query.where(UserSession.id != but)
    session.execute(query.values(ended_at=now, end_reason=reason).execution_options(synchronize_session="fetch"))


def sign_in_user(session: Session, email: str) -> User | None:
    """Who signs in with this address, with memberships and organisations."""
    query = (
        select(User)
        .where(User.email == email)
        .options(joinedload(User.memberships).joinedload(Membership.organisation))
    )
    return session.scalars(query).unique().one_or_none()


def lock_user(session: Session, user_id: int) -> User:
    """A person's account, held until the transaction ends: what depends on it is decided one at a time."""
    return session.scalars(select(User).where(User.id == user_id).with_for_update()).one()


def must_use_provider(session: Session, email: str) -> bool:
    """Does the organisation of the person with this address allow no other way in than its identity provider?"""
    query = (
        select(SingleSignOn.organisation_id)
        .join(Membership, Membership.organisation_id == SingleSignOn.organisation_id)
        .join(User, User.id == Membership.user_id)
        .where(User.email == email, Membership.ended_at.is_(None), SingleSignOn.only)
    )
    return session.scalars(query).first() is not None


def administrators(session: Session) -> int:
    """How many administrators can act."""
    query = (
        select(func.count(Membership.user_id.distinct()))
        .join(User, User.id == Membership.user_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.role == Role.ADMINISTRATOR,
            Membership.ended_at.is_(None),
            User.active,
            Organisation.closed_at.is_(None),
        )
    )
    return session.scalar(query) or 0


def people_of(session: Session, organisation_id: int) -> Sequence[User]:
    """Everyone who has or had a role in an organisation, with these roles, by name."""
    query = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id)
        .options(contains_eager(User.memberships))
        .order_by(User.name, User.id, Membership.id)
    )
    return session.scalars(query).unique().all()


def link_by_token(session: Session, token_hash: str, purpose: str) -> AccountLink | None:
    """A link, held until the transaction ends."""
    return session.scalars(
        select(AccountLink)
        .where(AccountLink.token_hash == token_hash, AccountLink.purpose == purpose)
        .with_for_update()
    ).one_or_none()


def drop_links(session: Session, user_id: int, purpose: str | None = None) -> None:
    """Remove the links of a person that were not used."""
    query = delete(AccountLink).where(AccountLink.user_id == user_id, AccountLink.used_at.is_(None))
    session.execute(query.where(AccountLink.purpose == purpose) if purpose else query)


def invitation_by_token(session: Session, token_hash: str) -> Invitation | None:
    """An invitation with its person and organisation, held until the transaction ends."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.token_hash == token_hash)
        .options(joinedload(Invitation.user), joinedload(Invitation.organisation))
        .with_for_update(of=Invitation)
    ).one_or_none()


def open_invitations(session: Session, which: ColumnElement[bool]) -> Sequence[Invitation]:
    """Invitations that stand, with person, organisation and inviter, oldest first."""
    return session.scalars(
        select(Invitation)
        .where(which, Invitation.ended_at.is_(None))
        .options(joinedload(Invitation.user), joinedload(Invitation.organisation), joinedload(Invitation.invited_by))
        .order_by(Invitation.id)
    ).all()


def open_invitation(session: Session, invitation_id: int) -> Invitation | None:
    """An invitation that stands, held until the transaction ends."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.ended_at.is_(None))
        .options(joinedload(Invitation.user), joinedload(Invitation.organisation))
        .with_for_update(of=Invitation)
    ).one_or_none()


def current_memberships(session: Session, user_id: int) -> Sequence[Membership]:
    return session.scalars(
        select(Membership)
        .where(Membership.user_id == user_id, Membership.ended_at.is_(None))
        .options(joinedload(Membership.organisation))
        .order_by(Membership.id)
    ).all()


def forget_factors(session: Session, user_id: int) -> None:
    """Remove a person's passkeys, recovery codes and identities at providers."""
    for table in (Passkey, RecoveryCode, Identity):
        session.execute(delete(table).where(table.user_id == user_id))
