"""Where mails go: to a mail server, into a folder, or into a list for tests."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from compliance.mail.failures import Unreachable
from compliance.mail.mails import Mail, build
from compliance.mail.smtp import SmtpSender, server_of


class Sender(Protocol):
    """Sends one mail, or raises one of `mail.failures`."""

    def send(self, mail: Mail) -> None: ...

    def rest(self) -> None:
        """Nothing more is sent for a while: close what is open."""


def sender_for(mail_url: str) -> Sender:
    """The sender that `MAIL_URL` names: smtp(s)://user:password@host:port, folder:/path or memory:."""
    scheme = urlsplit(mail_url).scheme
    if scheme in ("smtp", "smtps"):
        return SmtpSender(server_of(mail_url))
    if scheme == "folder":
        return FolderSender(folder_of(mail_url))
    if scheme == "memory":
        return MemorySender()
    raise ValueError("the mail address must begin with smtp:, smtps:, folder: or memory:")


def folder_of(mail_url: str) -> Path:
    """The folder of a `folder:` address."""
    return Path(mail_url.removeprefix("folder:").removeprefix("//"))


class MemorySender:
    """Keeps mails in a list."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def send(self, mail: Mail) -> None:
        build(mail)  # what could not be sent must not pass here, either
        self.mails.append(mail)

    def rest(self) -> None:
        pass


class FolderSender:
    """Writes each mail to a file of its own. The name is the Message-ID, so a second attempt leaves one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, mail: Mail) -> None:
        content = build(mail).as_bytes()
        target = self.folder / file_name(mail.message_id)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not target.exists():
                _write_whole(target, content)
        except OSError as error:
            raise Unreachable(f"the mail folder cannot be written to: {error.strerror}") from error

    def rest(self) -> None:
        pass


def file_name(message_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9.@-]", "_", message_id.strip("<>")).lstrip(".") + ".eml"


def _write_whole(target: Path, content: bytes) -> None:
    """A reader sees the whole file or none: written under another name, then renamed."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
