"""What Flask-Security knows of accounts. It hashes passwords; sessions, factors and flows are use cases of ours."""

from __future__ import annotations

from flask_security import RoleMixin, SQLAlchemyUserDatastore
from flask_sqlalchemy import SQLAlchemy

from compliance.storage.models import User


class _NoRole(RoleMixin):
    """Flask-Security wants a role model; what a person may do comes from memberships, so there are no such roles."""


class Accounts(SQLAlchemyUserDatastore):
    """The accounts of the product."""

    def __init__(self, database: SQLAlchemy) -> None:
        super().__init__(database, User, _NoRole)
