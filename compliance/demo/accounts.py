"""The one password of all demo accounts, and the list of those to sign in with."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import update

from compliance.domain.permissions import OrganisationKind, Role
from compliance.services.transaction import looking, writing
from compliance.storage.models import User
from compliance.storage.queries import organisations, people

ADMINISTRATOR: Final = "administrator@operator.example"
#: How many companies the list of sign-ins names.
_COMPANIES_LISTED: Final = 12


@dataclass(frozen=True, slots=True)
class SignIn:
    email: str
    role: str
    organisation: str


def password_in(path: Path) -> str:
    """The demo password of an installation: dice, made once, kept where only its owner can read it."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was faster; its password counts
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        password = "-".join(secrets.token_hex(2) for _ in range(3))
        file.write(f"{password}\n")
    return password


def keep_password(password: str, verify: Callable[[str, str], bool], hash_password: Callable[[str], str]) -> None:
    """Let the demo accounts have `password`, if they do not.

    The file and the database may come from different places, and a new SECRET_KEY makes every hash worthless.
    """
    with writing() as session:
        administrator = people.user_by_email(session, ADMINISTRATOR)
        if administrator is None or administrator.password is None or verify(password, administrator.password):
            return
        old, new = administrator.password, hash_password(password)
        session.execute(update(User).where(User.password == old).values(password=new))


def sign_ins() -> Sequence[SignIn]:
    """One account for each role that is worth trying: everyone in government, and who leads each company."""
    with looking() as session:
        found = organisations.fictional_accounts(session, companies=_COMPANIES_LISTED)
    return [
        SignIn(user.email, role, organisation.name)
        for user, role, organisation in found
        if organisation.kind != OrganisationKind.COMPANY or role == Role.LEAD
    ]


def table(found: Sequence[SignIn]) -> list[str]:
    """The sign-ins as lines of aligned text."""
    width = max((len(each.email) for each in found), default=0)
    return [f"{each.email:<{width}}  {each.role:<13}  {each.organisation}" for each in found]
