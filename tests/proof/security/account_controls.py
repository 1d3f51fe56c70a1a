"""The controls of accounts that rows of the group `security` switch off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.proof.off import replace


def try_counts() -> None:
    from compliance.services.account import guessing

    replace(guessing, "count", lambda _buckets, **_options: None)


def nobodys_hash() -> None:
    from compliance.services.account import sign_in

    replace(sign_in, "_nobodys", lambda _hash: "")


def code_once() -> None:
    from compliance.services.account import second_factors

    honest = second_factors._match
    replace(second_factors, "_match", lambda key, code, _last, now: honest(key, code, None, now))


def second_factor() -> None:
    from compliance.web import visits

    replace(visits, "second_factor_required", lambda: False)


def link_once() -> None:
    from compliance.domain.errors import NotFound
    from compliance.services.account import own_account
    from compliance.services.account.vault import digest
    from compliance.storage.queries import accounts

    def use(session: Any, token: str, purpose: str, _now: Any) -> Any:
        link = accounts.link_by_token(session, digest(token), purpose)
        if link is None:
            raise NotFound("no such link")
        return link

    replace(own_account, "use", use)
    replace(own_account, "works", lambda session, token, purpose, _now: bool(use(session, token, purpose, None)))


def session_limits() -> None:
    from compliance.services.account import sessions

    replace(sessions, "over", lambda _times, _kind, _now: None)


def session_end() -> None:
    from compliance.services.account import sessions

    replace(sessions, "_end", lambda *_arguments: None)


def account_state() -> None:
    """The person as they were when they signed in."""
    from compliance.services import actors
    from compliance.services.account import sessions

    def actor_of(user: Any) -> Any:
        ended = [(item, item.ended_at) for item in user.memberships]
        active, closed = user.active, user.memberships[0].organisation.closed_at
        user.active, user.memberships[0].organisation.closed_at = True, None
        for item, _at in ended:
            item.ended_at = None
        found = actors.actor_of(user)
        user.active, user.memberships[0].organisation.closed_at = active, closed
        return found

    replace(sessions, "actor_of", actor_of)


def held_forms() -> None:
    from compliance.web import visits

    replace(visits, "hold_form", lambda _sender: None)


def step_up() -> None:
    from compliance.web import access

    replace(access, "STEP_UP", frozenset())


def second_person() -> None:
    from compliance.services.account import invitations, users

    replace(invitations, "NEEDS_SECOND_PERSON", frozenset())
    replace(users, "NEEDS_SECOND_PERSON", frozenset())


def shut_account() -> None:
    from compliance.services.account import people

    replace(people, "shut", lambda _session, _user, _now: None)


def passkey_known() -> None:
    """Whoever shows any passkey is let in as the first person."""
    from sqlalchemy import select

    from compliance.services.account import passkeys
    from compliance.storage.models import User

    replace(passkeys, "_used", lambda session, _answer, _now: session.scalars(select(User).order_by(User.id)).first())


def provider_people() -> None:
    from compliance.services.account import single_sign_on
    from compliance.storage.queries import accounts

    def person(session: Any, _provider: Any, claims: Any, _now: Any) -> Any:
        return accounts.sign_in_user(session, str(claims.get("email")))

    replace(single_sign_on, "_person", person)


def retention() -> None:
    from compliance.services import retention as service

    replace(service, "_KINDS", {})


ACCOUNT_CONTROLS: dict[str, Callable[[], None]] = {
    control.__name__: control
    for control in (
        try_counts,
        nobodys_hash,
        code_once,
        second_factor,
        link_once,
        session_limits,
        session_end,
        account_state,
        held_forms,
        step_up,
        second_person,
        shut_account,
        passkey_known,
        provider_people,
        retention,
    )
}
