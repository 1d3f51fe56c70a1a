"""Sending through a mail server."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from compliance.mail.failures import Postponed, Refused, SendFailure, Unreachable
from compliance.mail.mails import Mail, build

#: Seconds for each exchange with the server; all exchanges of one mail stay within the lease of a message.
TIMEOUT: Final = 20.0
#: Seconds after which a connection counts as rested, and how many mails one carries at most.
_RESTS: Final = 5.0
_MAILS_EACH: Final = 100
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_TOO_LARGE: Final = 552


@dataclass(frozen=True, slots=True)
class Server:
    """Where the mail server is. `encrypted`: from the first byte (smtps) instead of by STARTTLS."""

    host: str
    port: int
    user: str
    password: str
    encrypted: bool
    needs_starttls: bool

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"  # a log must not show the password


def server_of(mail_url: str) -> Server:
    """The server of `smtp://user:password@host:port` or `smtps://…`.

    Beyond this machine smtp:// insists on STARTTLS: names and addresses do not cross a network in the clear, unless
    `?starttls=off` says so. With a password it insists everywhere.
    """
    parts = urlsplit(mail_url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("a mail server is given as smtp://user:password@host:port or smtps://…")
    encrypted = parts.scheme == "smtps"
    switched_off = parse_qs(parts.query).get("starttls") == ["off"]
    user = unquote(parts.username or "")
    return Server(
        host=parts.hostname,
        port=parts.port or (465 if encrypted else 587),
        user=user,
        password=unquote(parts.password or ""),
        encrypted=encrypted,
        needs_starttls=not encrypted and not switched_off and (bool(user) or parts.hostname not in _LOOPBACK),
    )


class SmtpSender:
    """Mails that follow each other closely share a connection: greeting and encryption cost more than the mail.

    Each thread has a connection of its own. One that rested, that has carried many mails, or on which anything went
    wrong is not used again, so a lost connection costs one mail.
    """

    def __init__(self, server: Server, *, timeout: float = TIMEOUT, context: ssl.SSLContext | None = None) -> None:
        self.server = server
        self.timeout = timeout
        self.context = context
        self._own = threading.local()

    def send(self, mail: Mail) -> None:
        message = build(mail)
        connection = self._kept() or self._connect()
        try:
            connection.send_message(message)  # to whom the To header says: there is no other recipient
        except (smtplib.SMTPException, OSError, ValueError) as error:
            _close(connection)
            raise _failure_of(error) from error
        self._keep(connection)

    def rest(self) -> None:
        """Close the connection of this thread."""
        connection: smtplib.SMTP | None = getattr(self._own, "connection", None)
        self._own.connection = None
        if connection is not None:
            _close(connection)

    def _kept(self) -> smtplib.SMTP | None:
        """The connection of the last mail, if it was just used and the server still answers on it."""
        connection: smtplib.SMTP | None = getattr(self._own, "connection", None)
        self._own.connection = None
        if connection is None:
            return None
        fresh = time.monotonic() - self._own.used_at < _RESTS and self._own.mails < _MAILS_EACH
        with contextlib.suppress(smtplib.SMTPException, OSError):
            if fresh and connection.noop()[0] == 250:
                return connection
        _close(connection)
        self._own.mails = 0
        return None

    def _keep(self, connection: smtplib.SMTP) -> None:
        self._own.connection, self._own.used_at = connection, time.monotonic()
        self._own.mails = getattr(self._own, "mails", 0) + 1

    def _connect(self) -> smtplib.SMTP:
        """A connection over which mail may go. Whatever fails up to here says nothing about the mail."""
        server = self.server
        self._own.mails = 0
        context = self._context()
        connection: smtplib.SMTP | None = None
        try:
            if server.encrypted:
                connection = smtplib.SMTP_SSL(server.host, server.port, timeout=self.timeout, context=context)
            else:
                connection = smtplib.SMTP(server.host, server.port, timeout=self.timeout)
            self._secure(connection, context)
            if server.user:
                connection.login(server.user, server.password)
        except (smtplib.SMTPException, OSError) as error:
            if connection is not None:
                _close(connection)
            raise Unreachable(f"the mail server cannot be used: {_words(error)}") from error
        return connection

    def _context(self) -> ssl.SSLContext | None:
        """How to encrypt. Made once, and not at all for a server on this machine: it reads every authority there is."""
        if self.context is None and (self.server.encrypted or self.server.needs_starttls):
            self.context = ssl.create_default_context()
        return self.context

    def _secure(self, connection: smtplib.SMTP, context: ssl.SSLContext | None) -> None:
        connection.ehlo_or_helo_if_needed()
        if self.server.needs_starttls:
            connection.starttls(context=context)  # raises when the server offers none


def _close(connection: smtplib.SMTP) -> None:
    """Say goodbye. What happens here no longer matters: the mail was accepted, or its failure is known."""
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        pass
    finally:
        connection.close()


def _failure_of(error: Exception) -> SendFailure:
    """What to do next after an error in the middle of a mail. 4xx passes, 5xx stays."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, text = next(iter(error.recipients.values()))
            return _by_code(code, _words(smtplib.SMTPResponseException(code, text)))
        case smtplib.SMTPSenderRefused() if error.smtp_code != _TOO_LARGE:
            return Unreachable(f"the mail server refuses our address: {_words(error)}")
        case smtplib.SMTPResponseException():
            return _by_code(error.smtp_code, _words(error))
        case smtplib.SMTPNotSupportedError() | ValueError():
            return Refused(f"the mail server cannot take this address: {error}")
        case _:
            # A connection lost on the way: the server may have accepted the mail. It goes again, with the same
            # Message-ID, because a reminder twice is better than none.
            return Postponed(_words(error))


def _by_code(code: int, words: str) -> SendFailure:
    return Refused(words) if 500 <= code < 600 else Postponed(words)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"[:500]
    return (str(error) or type(error).__name__)[:500]
