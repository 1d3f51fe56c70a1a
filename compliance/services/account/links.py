"""The links in mails about accounts. Each is made when its mail goes out, works once, and is stored as a hash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from compliance.domain.accounts import INVITATION_LIFETIME, NEW_ADDRESS_LIFETIME, RESET_LIFETIME
from compliance.domain.errors import NotFound
from compliance.services.account.mails import LinkMaker
from compliance.services.account.vault import digest, new_token
from compliance.storage.models import AccountLink, Invitation
from compliance.storage.queries import accounts

RESET: Final = "reset"
NEW_ADDRESS: Final = "new_address"
INVITATION: Final = "invitation"


def _reset(session: Session, user_id: int, _words: dict[str, Any], now: dt.datetime) -> str:
    return f"/password/{_link(session, user_id, RESET, '', now, RESET_LIFETIME)}"


def _new_address(session: Session, user_id: int, words: dict[str, Any], now: dt.datetime) -> str:
    return f"/address/{_link(session, user_id, NEW_ADDRESS, words['address'], now, NEW_ADDRESS_LIFETIME)}"


def _link(session: Session, user_id: int, purpose: str, address: str, now: dt.datetime, lifetime: dt.timedelta) -> str:
    """A new link; older ones for the same purpose no longer work."""
    accounts.drop_links(session, user_id, purpose)
    token = new_token()
    session.add(
        AccountLink(
            user_id=user_id,
            purpose=purpose,
            token_hash=digest(token),
            address=address,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return token


def _invitation(session: Session, _user_id: int, words: dict[str, Any], now: dt.datetime) -> str:
    invitation = session.get_one(Invitation, int(words["invitation"]))
    token = new_token()
    if invitation.ended_at is None:  # else the link leads to a page that says so
        invitation.token_hash, invitation.expires_at = digest(token), now + INVITATION_LIFETIME
    return f"/invitation/{token}"


#: By purpose; the factory hands them to the sender of account mails.
MAKERS: Final[Mapping[str, LinkMaker]] = {RESET: _reset, NEW_ADDRESS: _new_address, INVITATION: _invitation}


def use(session: Session, token: str, purpose: str, now: dt.datetime) -> AccountLink:
    """Use a link up; its row is held until the transaction ends. Raises NotFound for one that does not work."""
    link = accounts.link_by_token(session, digest(token), purpose)
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise NotFound("the link does not work")
    link.used_at = now
    return link


def works(session: Session, token: str, purpose: str, now: dt.datetime) -> bool:
    """Would `use` succeed?"""
    link = accounts.link_by_token(session, digest(token), purpose)
    return link is not None and link.used_at is None and link.expires_at > now
