"""Reading back the mails of a folder, for the mail reader of the demo."""

from __future__ import annotations

import datetime as dt
import email
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,200}\.eml")
_BEGINNING: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class MailSummary:
    """A line of the list. `name` is what `read_mail` takes."""

    name: str
    to: str
    subject: str
    date: dt.datetime
    language: str


@dataclass(frozen=True, slots=True)
class MailView:
    """One mail. Only its plain text: the HTML part is markup from a file and is never put into a page."""

    summary: MailSummary
    sender: str
    text: str


def list_mails(folder: Path, limit: int = 200) -> list[MailSummary]:
    """The newest mails of the folder, newest first; none when there is no folder yet."""
    if not folder.is_dir():
        return []
    files = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    written = sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)[:limit]
    summaries = [_summary(path.name, _parse(path)) for path in written]
    return sorted(summaries, key=lambda summary: summary.date, reverse=True)


def read_mail(folder: Path, name: str) -> MailView | None:
    """The mail in the file `name`; None when there is none. A name that is not one of ours is never opened."""
    path = folder / name
    if not _NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
        return None
    message = _parse(path)
    part = message.get_body(preferencelist=("plain",))
    text = part.get_content() if isinstance(part, EmailMessage) else ""
    return MailView(_summary(name, message), sender=str(message["From"] or ""), text=str(text).replace("\r\n", "\n"))


def _parse(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=default)


def _summary(name: str, message: EmailMessage) -> MailSummary:
    date = getattr(message["Date"], "datetime", None) or _BEGINNING
    return MailSummary(
        name=name,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        date=date if date.tzinfo else date.replace(tzinfo=dt.UTC),
        language=str(message["Content-Language"] or ""),
    )
