"""Removing technical records that have served."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from compliance.domain.accounts import ABSOLUTE
from compliance.domain.messages import MessageState
from compliance.domain.reminders import ACCOUNT
from compliance.storage.models import AccountLink, HeldForm, Invitation, Message, TryCount, UserSession


def _run(session: Session, statement: Any) -> int:
    return int(getattr(session.execute(statement.execution_options(synchronize_session=False)), "rowcount", 0))


def sessions(session: Session, before: dt.datetime) -> int:
    """Sessions that ended before; one that nobody ended ended twelve hours after it began."""
    ended = or_(UserSession.ended_at < before, UserSession.created_at < before - ABSOLUTE)
    return _run(session, delete(UserSession).where(ended))


def tries(session: Session, before: dt.datetime) -> int:
    return _run(session, delete(TryCount).where(TryCount.began_at < before))


def held_forms(session: Session, before: dt.datetime) -> int:
    return _run(session, delete(HeldForm).where(HeldForm.created_at < before))


def links(session: Session, before: dt.datetime) -> int:
    return _run(session, delete(AccountLink).where(AccountLink.expires_at < before))


def invitations(session: Session, before: dt.datetime) -> int:
    """Invitations that were answered, or that nobody has answered; who invited whom stays in the trail."""
    return _run(session, delete(Invitation).where(or_(Invitation.ended_at < before, Invitation.expires_at < before)))


def account_mails(session: Session, before: dt.datetime) -> int:
    """Mails about accounts that went or never will; reminders stay, so that none is repeated."""
    done = Message.state.in_([MessageState.SENT, MessageState.FAILED, MessageState.CANCELLED])
    return _run(session, delete(Message).where(Message.kind == ACCOUNT, done, Message.created_at < before))
