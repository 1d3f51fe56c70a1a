"""Technical records go after the days that the settings say, and nothing else goes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.domain.accounts import ACCOUNT_LIMIT, Method
from compliance.domain.retention import RETENTION, read_retention
from compliance.services import retention
from compliance.services.account.guessing import within
from compliance.services.account.held_forms import Held, hold
from compliance.services.account.mails import queue_account_mail
from compliance.services.account.sessions import Device, begin
from compliance.services.account.vault import Vault
from compliance.services.transaction import writing
from compliance.storage.models import (
    AccountLink,
    AuditEvent,
    HeldForm,
    Invitation,
    Membership,
    Message,
    TryCount,
    User,
    UserSession,
)
from compliance.storage.queries import accounts
from tests.support import factories as make

TABLES: dict[str, Any] = {
    "sessions": UserSession,
    "tries": TryCount,
    "held_forms": HeldForm,
    "links": AccountLink,
    "invitations": Invitation,
    "account_mails": Message,
}


def one_of_each(now: dt.datetime) -> None:
    company = make.organisation()
    person = make.user(company, "lead")
    actor = make.acting(person)
    within(("account:x", ACCOUNT_LIMIT), now=now)
    hold(actor, Held("/services/new", [("name", "x")]), Vault("x" * 40), now=now)
    with writing() as session:
        loaded = accounts.sign_in_user(session, person.email)
        assert loaded is not None
        begin(session, loaded, Method.PASSWORD, Device(), second=True, now=now)
        common = {"user_id": person.id, "created_at": now, "expires_at": now}
        session.add(AccountLink(purpose="reset", token_hash="x", **common))
        invited = {"organisation_id": company.id, "role": "viewer", "invited_by_id": person.id}
        session.add(Invitation(outcome="withdrawn", ended_at=now, **common, **invited))
        queue_account_mail(session, person.id, "notice", now=now, base_url="https://tracker.example", what="password")
        session.flush()
        session.scalars(select(Message)).one().state = "sent"


def counts(session: Session) -> dict[str, int]:
    session.rollback()
    return {kind: session.scalar(select(func.count()).select_from(table)) or 0 for kind, table in TABLES.items()}


def test_each_kind_goes_when_its_days_are_over(session: Session, now: dt.datetime) -> None:
    one_of_each(now)
    before = session.scalar(select(func.count(AuditEvent.id)))
    assert retention.apply(RETENTION, now=now) == {}
    for days in sorted(set(RETENTION.values())):
        kinds = {kind for kind in RETENTION if RETENTION[kind] == days}
        moment = now + dt.timedelta(days=days)
        retention.apply(RETENTION, now=moment)
        assert {kind for kind, count in counts(session).items() if count} >= kinds, "not a moment too early"
        assert retention.apply(RETENTION, now=moment + dt.timedelta(hours=12, seconds=1)).keys() >= kinds
        assert {kind for kind in kinds if counts(session)[kind]} == set()
    session.rollback()
    assert (session.scalar(select(func.count(AuditEvent.id))) or 0) > (before or 0), (
        "each pass that removes is recorded"
    )
    assert session.scalar(select(func.count(User.id))) == 1
    assert session.scalar(select(func.count(Membership.id))) == 1


def test_an_open_session_stays(session: Session, now: dt.datetime) -> None:
    one_of_each(now)
    retention.apply(dict.fromkeys(RETENTION, 1), now=now + dt.timedelta(days=1))
    assert counts(session)["sessions"] == 1


def test_the_setting() -> None:
    assert read_retention("") == dict(RETENTION)
    assert read_retention(" sessions = 30, links=7 ")["sessions"] == 30
    for wrong in ("answers=1", "sessions", "sessions=0", "sessions=-1", "sessions=ten", "sessions=99999"):
        with pytest.raises(ValueError, match=r"sessions|none of"):
            read_retention(wrong)
