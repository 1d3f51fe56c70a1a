"""Workbooks that wait for their sender."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from compliance.storage.models import PendingWorkbook


def pending(session: Session, assessment_id: int, user_id: int) -> PendingWorkbook | None:
    """A person's own waiting workbook, with its content: for use cases that have already passed the scope."""
    return session.scalars(
        select(PendingWorkbook)
        .where(PendingWorkbook.assessment_id == assessment_id, PendingWorkbook.user_id == user_id)
        .options(undefer(PendingWorkbook.content))
    ).one_or_none()
