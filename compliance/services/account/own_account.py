"""What people do about their own account: a new password, a forgotten one, another address."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.accounts import LINK_LIMIT, MAIL_LIMIT, End, password_problems
from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.services import audit
from compliance.services.account import guessing
from compliance.services.account.links import NEW_ADDRESS, RESET, use, works
from compliance.services.account.mails import queue_account_mail
from compliance.services.account.sessions import Device, Visit, own_chain
from compliance.services.account.sign_in import Passwords
from compliance.services.account.users import address_of
from compliance.services.actors import actor_of, require
from compliance.services.transaction import looking, reading, writing
from compliance.storage.models import User
from compliance.storage.queries import accounts, people

NOTICE: Final = "notice"


def ask_for_reset(email: str, device: Device, *, now: dt.datetime, base_url: str) -> None:
    """Send a link to set a new password, if there is an account that works. The asker sees the same either way."""
    address = email.strip().lower()[:320]
    guessing.count([(f"mail from:{device.address}", LINK_LIMIT)], now=now)
    with looking() as session:
        user = accounts.sign_in_user(session, address)
        able = user is not None and user.password is not None and actor_of(user) is not None
        able = able and not accounts.must_use_provider(session, address)
    if not guessing.within((f"mail to:{address}", MAIL_LIMIT), now=now):
        return  # whoever asks again and again fills nobody's inbox, and learns nothing
    with writing() as session:
        subject = f"user:{user.id}" if user is not None and able else "user:unknown"
        audit.record(session, None, "password.asked", subject, now=now)
        if user is not None and able:
            queue_account_mail(session, user.id, RESET, now=now, base_url=base_url)


def reset_works(token: str, *, now: dt.datetime) -> bool:
    """Does a link to set a password still work?"""
    return works(reading(), token, RESET, now)


def reset(token: str, password: str, passwords: Passwords, device: Device, *, now: dt.datetime, base_url: str) -> None:
    """Set a new password by the link of a mail; all sessions end, and the address is told.

    Nobody is signed in by it: the second factor is asked for as ever. Raises NotFound, Invalid, TooMany.
    """
    guessing.count([(f"link:{device.address}", LINK_LIMIT)], now=now)
    hashed = passwords.hash(password[:1024])
    with writing() as session:
        link = use(session, token, RESET, now)
        user = accounts.sign_in_user(session, session.get_one(User, link.user_id).email)
        actor = actor_of(user) if user is not None else None
        if user is None or actor is None:
            raise NotFound("the account was closed")
        problems = list(password_problems(password, user.email))
        if problems:
            raise Invalid(problems)  # the transaction is undone, and the link still works
        _set_password(session, actor, user, hashed, now, base_url)
        accounts.end_sessions(session, user.id, End.NEW_PASSWORD, now)


def change_password(visit: Visit, old: str, new: str, passwords: Passwords, *, now: dt.datetime, base_url: str) -> str:
    """Set a new password by showing the old one; every other session ends. The new mark of known devices.

    Raises Invalid, TooMany.
    """
    actor = visit.actor
    require(actor, Permission.OWN_ACCOUNT)
    limit = (f"code:{actor.user_id}", LINK_LIMIT)
    guessing.count([limit], now=now)
    with looking() as session:
        user = session.get_one(User, actor.user_id)
    problems = list(password_problems(new, user.email))
    if user.password is None or not passwords.verify(old[:1024], user.password):
        problems.insert(0, Problem("old", "password_wrong"))
    if problems:
        raise Invalid(problems)
    hashed = passwords.hash(new)
    guessing.give_back([limit])
    with writing() as session:
        user = accounts.lock_user(session, actor.user_id)
        _set_password(session, actor, user, hashed, now, base_url)
        accounts.end_sessions(session, user.id, End.NEW_PASSWORD, now, but=visit.id)
        return user.fs_uniquifier


def _set_password(session: Session, actor: Actor, user: User, hashed: str, now: dt.datetime, base_url: str) -> None:
    user.password, user.fs_uniquifier = hashed, secrets.token_hex(32)
    accounts.drop_links(session, user.id)
    audit.record(session, actor, "password.set", f"user:{user.id}", now=now, organisation_id=own_chain(actor))
    queue_account_mail(session, user.id, NOTICE, now=now, base_url=base_url, what="password")


def ask_for_new_address(actor: Actor, email: str, *, now: dt.datetime, base_url: str) -> None:
    """Send a link to the new address; until it is opened the old one stays. Raises Invalid, TooMany."""
    require(actor, Permission.OWN_ACCOUNT)
    address = address_of(email)
    if address is None:
        raise Invalid([Problem("email", "not_an_address")])
    guessing.count([(f"new address:{actor.user_id}", MAIL_LIMIT)], now=now)
    with writing() as session:
        if people.user_by_email(session, address) is not None:
            return  # whether someone else has it is not told; the mail just does not come
        chain = own_chain(actor)
        audit.record(session, actor, "address.asked", f"user:{actor.user_id}", now=now, organisation_id=chain)
        queue_account_mail(session, actor.user_id, NEW_ADDRESS, now=now, base_url=base_url, to=address, address=address)


def new_address(actor: Actor, token: str, *, now: dt.datetime, base_url: str) -> None:
    """Take the new address; the old one is told. Only the person who asked can do it, signed in. Raises NotFound."""
    require(actor, Permission.OWN_ACCOUNT)
    with writing() as session:
        link = use(session, token, NEW_ADDRESS, now)
        taken = session.scalars(select(User.id).where(User.email == link.address)).first()
        if link.user_id != actor.user_id or taken is not None:
            raise NotFound("the link does not work")
        user = accounts.lock_user(session, actor.user_id)
        before, user.email = user.email, link.address
        chain = own_chain(actor)
        audit.record(
            session,
            actor,
            "address.change",
            f"user:{user.id}",
            now=now,
            organisation_id=chain,
            before={"email": before},
            after={"email": user.email},
        )
        queue_account_mail(session, user.id, NOTICE, now=now, base_url=base_url, what="address", to=before)
