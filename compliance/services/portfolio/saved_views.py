"""Views of the portfolio that a person keeps under a name: the page and its filters. They are the person's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select

from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import Actor, Permission
from compliance.services.actors import require
from compliance.services.transaction import reading, writing
from compliance.storage.models import SavedView

NAME_LIMIT: Final = 80
#: What a person needs at most; a list without end would be no help.
MOST: Final = 50


def saved_views(actor: Actor) -> Sequence[SavedView]:
    """The person's views, by name."""
    require(actor, Permission.PORTFOLIO_VIEW)
    mine = select(SavedView).where(SavedView.user_id == actor.user_id).order_by(SavedView.name)
    return reading().scalars(mine).all()


def keep(actor: Actor, name: str, page: str, filters: Mapping[str, str], *, now: dt.datetime) -> SavedView:
    """Keep a view; one of the same name is replaced. Raises Invalid."""
    require(actor, Permission.PORTFOLIO_VIEW)
    name = " ".join(name.split())
    with writing() as session:
        mine = session.scalars(select(SavedView).where(SavedView.user_id == actor.user_id)).all()
        view = next((view for view in mine if view.name == name), None)
        problems = _problems(name, full=view is None and len(mine) >= MOST)
        if problems:
            raise Invalid(problems)
        if view is None:
            view = SavedView(user_id=actor.user_id, name=name)
            session.add(view)
        view.page, view.filters, view.saved_at = page, dict(filters), now
    return view


def _problems(name: str, *, full: bool) -> list[Problem]:
    if not name:
        return [Problem("name", "needed")]
    if len(name) > NAME_LIMIT:
        return [Problem("name", "too_long", {"limit": str(NAME_LIMIT)})]
    return [Problem("name", "too_many_views")] if full else []


def forget(actor: Actor, view_id: int) -> None:
    """Forget a view; NotFound for one that is not the person's."""
    require(actor, Permission.PORTFOLIO_VIEW)
    with writing() as session:
        view = session.get(SavedView, view_id)
        if view is None or view.user_id != actor.user_id:
            raise NotFound(str(view_id))
        session.delete(view)
