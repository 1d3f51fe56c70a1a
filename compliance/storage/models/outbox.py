"""What people are to be told: reminders, and the messages that carry them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Json, Model
from compliance.storage.models.organisation import User

WAITING = text("message_id IS NULL AND dropped_reason = ''")


class Message(Model):
    """One mail to one person, from queued to sent. Claimed with a lease, so any number of workers may run.

    `day` is the local day of what it is about: one message a day of each kind that is gathered. NULL for kinds that go
    at once, of which there may be many a day (NULL is never equal to NULL in a unique key).
    `message_id` is made with the row, so that a second attempt after a crash carries the same one.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("recipient_id", "kind", "day"),
        Index("ix_message_state_not_before", "state", "not_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[str]
    day: Mapped[dt.date | None]
    language: Mapped[str]
    state: Mapped[str]  # domain MessageState
    state_reason: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[dt.datetime]
    not_before: Mapped[dt.datetime]
    lease_until: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[dt.datetime | None]
    message_id: Mapped[str] = mapped_column(unique=True)

    recipient: Mapped[User] = relationship(lazy="raise")
    reminders: Mapped[list[Reminder]] = relationship(back_populates="message", lazy="raise", order_by="Reminder.id")


class Reminder(Model):
    """One thing one person is reminded of at one stage of the plan; unique, so it is never repeated.

    A row without message waits to be gathered, unless `dropped_reason` (domain Why) says that it never goes.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id", "stage", "occurrence", "due_on", "recipient_id"),
        Index("ix_reminder_waiting", "recipient_id", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    stage: Mapped[str]
    occurrence: Mapped[int] = mapped_column(default=1)
    due_on: Mapped[dt.date]
    recipient_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str]  # of the message that carries it
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    created_at: Mapped[dt.datetime]
    dropped_reason: Mapped[str] = mapped_column(default="")

    message: Mapped[Message | None] = relationship(back_populates="reminders", lazy="raise")


class Heartbeat(Model):
    """When a scheduler last did its round."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[dt.datetime]
