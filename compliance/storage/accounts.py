"""How Flask-Security finds accounts."""

from __future__ import annotations

from typing import Any, cast

from flask_security import RoleMixin, SQLAlchemyUserDatastore
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compliance.storage.models import Membership, User


class _NoRole(RoleMixin):
    """Flask-Security wants a role model; what a person may do comes from memberships, so there are no such roles."""


class Accounts(SQLAlchemyUserDatastore):
    """The accounts of the product."""

    def __init__(self, database: SQLAlchemy) -> None:
        super().__init__(database, User, _NoRole)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:
        """An account; by its session key (each request does that) together with its memberships, in one query."""
        key = kwargs.get("fs_uniquifier")
        if key is None:
            return cast("User | None", super().find_user(case_insensitive, **kwargs))
        query = (
            select(User)
            .where(User.fs_uniquifier == key)
            .options(joinedload(User.memberships).joinedload(Membership.organisation))
        )
        return cast("User | None", self.db.session.scalars(query).unique().one_or_none())
