"""What tests of mail share: the words of the catalogues, and a mail server that does as it is told."""

from __future__ import annotations

import asyncio
import datetime as dt
import email
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask

from compliance.domain.working_time import WorkCalendar
from compliance.reporting import Folders
from compliance.services.days import zone_of
from compliance.services.reminder import work_calendars

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it uses names that newer versions of Python no longer like
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP

WORDS = Path(__file__).resolve().parents[2] / "templates" / "words"


def compiled_words(folder: Path) -> Path:
    """The catalogues as they are now, compiled into `folder`; the set-up may have compiled older ones."""
    for source in WORDS.glob("*/LC_MESSAGES/messages.po"):
        target = folder / source.relative_to(WORDS).with_suffix(".mo")
        target.parent.mkdir(parents=True)
        with source.open("rb") as po, target.open("wb") as mo:
            write_mo(mo, read_po(po))
    return folder


@cache
def open_calendar(time_zone: str, _country: str = "", _year: int = 0) -> WorkCalendar:
    return WorkCalendar(zone_of(time_zone), opens=dt.time(0), closes=dt.time.max, weekdays=frozenset(range(7)))


def always_open() -> None:
    """Let everybody work day and night, in this process: for tests that run on the clock of the machine."""
    work_calendars._calendar = open_calendar


def with_settings(app: Flask, mail_url: str) -> Flask:
    """The application with what the schedule asks for, without the site."""
    app.extensions["settings"] = SimpleNamespace(
        mail_url=mail_url, base_url="http://localhost:8000", mail_from="", secret_key="only for tests"
    )
    app.extensions["reports"] = Folders(
        Path(__file__).parents[2] / "reports", Path(__file__).parents[2] / "build" / "fonts"
    )
    return app


class Inbox:
    """The mails that a server accepted. Set `at_recipient` or `at_end` to a reply, or to "drop"."""

    def __init__(self) -> None:
        self.port = 0
        self.at_recipient = "250 fine"
        self.at_end: Callable[[EmailMessage], str] = lambda _mail: "250 fine"
        self.accepted: list[EmailMessage] = []
        self._lock = threading.Lock()

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.accepted]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.at_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        mail = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        reply = await asyncio.to_thread(self.at_end, mail)
        if reply.startswith("250") or reply == "drop after":
            with self._lock:
                self.accepted.append(mail)
        if reply.startswith("drop"):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "421 gone"
        return reply


class _Controller(Controller):
    """On a port that the system chooses."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(inbox: Inbox | None = None, **options: Any) -> Iterator[Inbox]:
    """A real SMTP server on this machine."""
    inbox = inbox or Inbox()
    controller = _Controller(inbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        inbox.port = controller.port
        yield inbox
    finally:
        controller.stop()
