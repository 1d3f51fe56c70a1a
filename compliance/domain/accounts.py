"""The rules of accounts: how long a session lasts, how often one may guess, what a second person must agree to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from compliance.domain.answers import Problem
from compliance.domain.permissions import OrganisationKind, Role

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 256

#: How long nothing may happen before a session ends.
IDLE: Final[Mapping[OrganisationKind, dt.timedelta]] = {
    OrganisationKind.COMPANY: dt.timedelta(minutes=30),
    OrganisationKind.GOVERNMENT: dt.timedelta(minutes=15),
    OrganisationKind.OPERATOR: dt.timedelta(minutes=15),
}
#: How long a session lasts, whatever happens in it.
ABSOLUTE: Final = dt.timedelta(hours=12)
#: How long one has to enter the second factor after the password.
HALFWAY: Final = dt.timedelta(minutes=10)
#: How long it counts that a person has shown who they are, for what is sensitive.
FRESH: Final = dt.timedelta(minutes=15)
#: When the last use of a session is written down again: rarely, because a page that is read should not write.
TOUCH_AFTER: Final = dt.timedelta(minutes=1)

RESET_LIFETIME: Final = dt.timedelta(hours=1)
NEW_ADDRESS_LIFETIME: Final = dt.timedelta(hours=1)
INVITATION_LIFETIME: Final = dt.timedelta(days=7)
HELD_FORM_LIFETIME: Final = dt.timedelta(hours=24)
RECOVERY_CODES: Final = 10

#: Roles that one person alone cannot give: who holds them can let others in, or publish.
NEEDS_SECOND_PERSON: Final = frozenset({Role.ADMINISTRATOR, Role.APPROVER})
#: As long as fewer administrators than this can act there is nobody to agree, and the command line may give any role.
ADMINISTRATORS: Final = 2


class Method(StrEnum):
    """How a session began."""

    PASSWORD = "password"  # noqa: S105 - the word, not one
    PASSKEY = "passkey"
    SINGLE_SIGN_ON = "single_sign_on"


class End(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"
    IDLE = "idle"
    TOO_OLD = "too_old"
    NEW_PASSWORD = "new_password"  # noqa: S105 - the words, not one
    NEW_ADDRESS = "new_address"
    ACCOUNT_CLOSED = "account_closed"


class Outcome(StrEnum):
    """What became of an invitation."""

    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `tries` within a time that begins with the first."""

    tries: int
    within: dt.timedelta


#: Tries at one account from devices on which it was never used; together, from however many addresses.
ACCOUNT_LIMIT: Final = Limit(5, dt.timedelta(minutes=15))
#: Tries at one account from one device on which its owner has signed in before.
DEVICE_LIMIT: Final = Limit(10, dt.timedelta(minutes=15))
#: Tries from one address at whatever accounts. An office may share one address.
ADDRESS_LIMIT: Final = Limit(60, dt.timedelta(minutes=15))
#: Tries at a second factor, once the password was right.
CODE_LIMIT: Final = Limit(5, dt.timedelta(minutes=15))
#: Mails that someone may have sent to a person by asking for them.
MAIL_LIMIT: Final = Limit(3, dt.timedelta(hours=1))
#: Links and the like that are tried from one address.
LINK_LIMIT: Final = Limit(30, dt.timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Times:
    """When a session began, was last used, and had its second factor (None: not yet)."""

    created_at: dt.datetime
    last_used_at: dt.datetime
    second_at: dt.datetime | None


def over(times: Times, kind: OrganisationKind, now: dt.datetime) -> End | None:
    """Why a session is over at `now`; None while it lasts."""
    if now - times.created_at >= ABSOLUTE:
        return End.TOO_OLD
    idle = IDLE[kind] if times.second_at is not None else HALFWAY
    return End.IDLE if now - times.last_used_at >= idle else None


def is_fresh(proved_at: dt.datetime, now: dt.datetime) -> bool:
    """Does it still count that the person showed who they are at `proved_at`?"""
    return now - proved_at < FRESH


def password_problems(password: str, email: str) -> Iterator[Problem]:
    """What is wrong with a new password: too short, too long, or what everybody would try first."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        details = {"from": str(SHORTEST_PASSWORD), "to": str(LONGEST_PASSWORD)}
        yield Problem("password", "password_length", details)
    elif len(set(password.casefold())) < 5 or _mostly(password.casefold(), email.casefold()):
        yield Problem("password", "password_obvious")


def _mostly(password: str, email: str) -> bool:
    """Is the password little more than the address or a part of it?"""
    parts = [email, *email.replace("@", ".").replace("-", ".").split(".")]
    return any(part in password and len(password) - len(part) < 6 for part in parts if len(part) >= 4)
