"""What people are to be told: reminders, the messages that carry them, and what people and staff want of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.storage.database import Json, Model
from compliance.storage.models.keys import one_current
from compliance.storage.models.organisation import Contact, User

WAITING = text("message_id IS NULL AND dropped_reason = ''")


class Message(Model):
    """One mail to one person, from queued to sent. Claimed with a lease, so any number of workers may run.

    `recipient_key` is "user:7" or "contact:3" (a person without an account); one of the two ids goes with it.
    `day` is the local day on which it goes: one message a day of each kind that is gathered. NULL for kinds that go
    at once, of which there may be many a day (NULL is never equal to NULL in a unique key).
    `message_id` is made with the row, so that a second attempt after a crash carries the same one.
    `data` never holds a secret: what an account mail lets its reader do is made when it is sent.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("recipient_key", "kind", "day"),
        Index("ix_message_state_not_before", "state", "not_before"),
        Index("ix_message_sent_at", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_key: Mapped[str]
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
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

    user: Mapped[User | None] = relationship(lazy="raise")
    contact: Mapped[Contact | None] = relationship(lazy="raise")
    reminders: Mapped[list[Reminder]] = relationship(back_populates="message", lazy="raise", order_by="Reminder.id")


class Reminder(Model):
    """One thing one person is reminded of at one stage of the plan; unique, so it is never repeated.

    A row without message waits to be gathered from `go_at` on, unless `dropped_reason` (domain Why) says that it never
    goes.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id", "stage", "occurrence", "due_on", "recipient_key"),
        Index("ix_reminder_waiting", "go_at", "recipient_key", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_reminder_recipient_key", "recipient_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_type: Mapped[str]  # domain About
    subject_id: Mapped[int]
    stage: Mapped[str]
    occurrence: Mapped[int] = mapped_column(default=1)
    due_on: Mapped[dt.date]
    recipient_key: Mapped[str]
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str]  # of the message that carries it
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    created_at: Mapped[dt.datetime]
    go_at: Mapped[dt.datetime]
    dropped_reason: Mapped[str] = mapped_column(default="")

    message: Mapped[Message | None] = relationship(back_populates="reminders", lazy="raise")


class ReminderWatch(Model):
    """When a round has to look at a subject again. Without a row, or when it began anew or has another due date: now.

    It saves the rounds from loading everything every half minute, and decides nothing: a subject that is looked at
    too often is only work, and each is looked at every hour.
    """

    __tablename__ = "reminder_watch"
    __table_args__ = (UniqueConstraint("subject_type", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    began_at: Mapped[dt.datetime]
    due_on: Mapped[dt.date]
    next_at: Mapped[dt.datetime]


class ReminderPause(Model):
    """Reminders of a company are held, or of everybody (company NULL). Kept with its end, as memberships are."""

    __tablename__ = "reminder_pause"
    __table_args__ = (one_current("reminder_pause", "company_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    reason: Mapped[str]
    started_at: Mapped[dt.datetime]
    started_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    ended_at: Mapped[dt.datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    started_by: Mapped[User] = relationship(lazy="raise", foreign_keys=[started_by_id])


class MailPreference(Model):
    """How often a person wants to hear of one kind of thing; without a row, at once."""

    __tablename__ = "mail_preference"
    __table_args__ = (UniqueConstraint("recipient_key", "about"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_key: Mapped[str]
    about: Mapped[str]  # domain About
    rhythm: Mapped[str]  # domain Rhythm
    updated_at: Mapped[dt.datetime]


class CalendarFeed(Model):
    """The address of a person's calendar, of which only the hash is kept. A person has one at a time."""

    __tablename__ = "calendar_feed"
    __table_args__ = (one_current("calendar_feed", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class Heartbeat(Model):
    """When a scheduler last did its round."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[dt.datetime]
