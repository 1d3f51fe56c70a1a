"""What an account rests on besides the person: sessions, second factors, links by mail, and the counting of tries.

No secret is stored as it is: of keys, tokens and codes there is a hash, and what must be read again is sealed
(`services.vault`).
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Json, Model
from compliance.storage.models.organisation import Organisation, User


class UserSession(Model):
    """One sign-in on one device, kept with its end. The cookie holds the key, this row its hash.

    `second_at` is NULL between the password and the second factor: until then nobody is signed in. `fresh_at` is when
    the person last proved who they are; what is sensitive asks again after a while.
    """

    __tablename__ = "user_session"
    __table_args__ = (Index("ix_user_session_user_id_ended_at", "user_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    key_hash: Mapped[str] = mapped_column(unique=True)
    method: Mapped[str]  # domain Method
    created_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime]
    second_at: Mapped[dt.datetime | None]
    fresh_at: Mapped[dt.datetime]
    address: Mapped[str] = mapped_column(default="")
    agent: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[dt.datetime | None]
    end_reason: Mapped[str] = mapped_column(default="")

    user: Mapped[User] = relationship(lazy="raise")


class Invitation(Model):
    """A role offered to a person: to someone new by a link, to someone with an account once a second person agrees.

    `token_hash` is NULL until the mail with the link goes out. `agreed_at` is NULL while a second person must agree.
    """

    __tablename__ = "invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str]  # domain Role
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    expires_at: Mapped[dt.datetime]
    created_at: Mapped[dt.datetime]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    agreed_at: Mapped[dt.datetime | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    ended_at: Mapped[dt.datetime | None]
    outcome: Mapped[str] = mapped_column(default="")  # domain Outcome of an invitation; "" while it stands

    user: Mapped[User] = relationship(lazy="raise", foreign_keys=user_id)
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    invited_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=invited_by_id)


class AccountLink(Model):
    """A single-use link that went to a person by mail: to set a password, or to confirm a new address."""

    __tablename__ = "account_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    purpose: Mapped[str]  # "reset" or "new_address"
    token_hash: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str] = mapped_column(default="")  # the new one
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class RecoveryCode(Model):
    """A code that stands in for a lost second factor, once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    code_hash: Mapped[str]
    created_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class Passkey(Model):
    """A passkey: its public half, and how often it was used."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    transports: Mapped[list[str]] = mapped_column(Json)
    created_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime | None]


class TryCount(Model):
    """How often something was tried since `began_at`. `bucket` is a hash: what was typed cannot be read from it."""

    __tablename__ = "try_count"

    bucket: Mapped[str] = mapped_column(primary_key=True)
    began_at: Mapped[dt.datetime] = mapped_column(index=True)
    tries: Mapped[int]


class HeldForm(Model):
    """A form that was sent after its session had run out, sealed, until its sender is back."""

    __tablename__ = "held_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime]


class SingleSignOn(Model):
    """The identity provider of an organisation."""

    __tablename__ = "single_sign_on"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    issuer: Mapped[str]
    client_id: Mapped[str]
    sealed_secret: Mapped[str]
    email_domain: Mapped[str] = mapped_column(unique=True)  # who types an address in it is sent there
    only: Mapped[bool]  # nobody of the organisation signs in another way
    updated_at: Mapped[dt.datetime]


class Identity(Model):
    """Who a person is at their organisation's identity provider; known from the first sign-in there."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    created_at: Mapped[dt.datetime]
