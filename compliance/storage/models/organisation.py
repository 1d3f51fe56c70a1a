"""Organisations, the services companies offer, and the people in them."""

from __future__ import annotations

import datetime as dt

from flask_security.core import UserMixin
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Json, Model
from compliance.storage.models.keys import one_current


class Organisation(Model):
    """A company, a government department, or whoever runs the installation."""

    __tablename__ = "organisation"
    __table_args__ = (Index("ix_organisation_kind_name_id", "kind", "name", "id"),)  # lists of companies by name

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]  # domain OrganisationKind
    country: Mapped[str | None]  # a government's country; for a company the country that leads on it
    time_zone: Mapped[str] = mapped_column(default="UTC")
    language: Mapped[str] = mapped_column(default="en")
    description_en: Mapped[str] = mapped_column(default="")
    description_fr: Mapped[str] = mapped_column(default="")
    endorsed_on: Mapped[dt.date | None]
    endorsement_source: Mapped[str] = mapped_column(default="")
    fictional: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]

    services: Mapped[list[Service]] = relationship(back_populates="company", order_by="Service.name", lazy="raise")


class Service(Model):
    """A company's product. `functions` is the profile as the company last set it; NULL until it says what it does."""

    __tablename__ = "service"
    __table_args__ = (UniqueConstraint("company_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    slug: Mapped[str]
    name: Mapped[str]
    functions: Mapped[list[str] | None] = mapped_column(Json)
    retired_on: Mapped[dt.date | None]
    version: Mapped[int] = mapped_column()

    company: Mapped[Organisation] = relationship(back_populates="services", lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class User(Model, UserMixin):
    """A person with an account. What a person may do comes from memberships, not from this row."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[dt.datetime]

    memberships: Mapped[list[Membership]] = relationship(back_populates="user", order_by="Membership.id", lazy="raise")


class Membership(Model):
    """A role of a person in an organisation, kept with its end when the person leaves."""

    __tablename__ = "membership"
    __table_args__ = (one_current("membership", "user_id", "organisation_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str]  # domain Role
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]

    user: Mapped[User] = relationship(back_populates="memberships", lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class Contact(Model):
    """A person without an account whom mail reaches on behalf of an organisation: the executive contact of a company.

    Kept with its end when the person leaves.
    """

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    email: Mapped[str]
    position: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")
