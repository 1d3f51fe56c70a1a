"""A mail as data, and as the bytes that travel."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from typing import Final

from compliance.mail.failures import Refused

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
CALENDAR_NAME: Final = "dates.ics"
NAME_LIMIT: Final = 200
_SUBJECT_LIMIT: Final = 300


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person, complete: two builds of the same mail are the same bytes but for the part boundary."""

    to_name: str
    to_address: str
    from_name: str
    from_address: str
    subject: str
    text: str
    html: str
    language: str
    message_id: str  # "<…@…>", the same at every attempt
    date: dt.datetime
    headers: tuple[tuple[str, str], ...] = ()
    calendar: bytes | None = None  # an iCalendar file to attach


def text_to_show(mail: Mail) -> str:
    """The text without the link by which its reader ends mails like it: that link is the reader's alone."""
    link = dict(mail.headers).get("List-Unsubscribe", "").strip("<>")
    return mail.text.replace(link, "…") if link else mail.text


def build(mail: Mail) -> EmailMessage:
    """The mail for the wire; raises Refused for an address that no mail can be sent to.

    Names and subject come from people: control characters, line ends among them, become spaces, so that nothing typed
    into a name can add a header.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(mail.from_name, mail.from_address)
    message["To"] = _address(mail.to_name, mail.to_address)
    message["Subject"] = one_line(mail.subject, _SUBJECT_LIMIT)
    message["Date"] = mail.date
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"  # so that an out-of-office reply is not sent back
    message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    for name, value in mail.headers:
        message[name] = one_line(value, _SUBJECT_LIMIT)
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for part in message.iter_parts():
        part["Content-Language"] = mail.language
    if mail.calendar is not None:
        message.add_attachment(mail.calendar, maintype="text", subtype="calendar", filename=CALENDAR_NAME)
        *_, attached = message.iter_attachments()
        attached.set_param("method", "PUBLISH")
        attached.set_param("charset", "utf-8")
    message["Content-Language"] = mail.language  # last: setting the content removes headers about content
    _settle_boundaries(message, mail.message_id)
    return message


def _settle_boundaries(message: EmailMessage, message_id: str) -> None:
    """Boundaries from the Message-ID instead of chance: a second attempt carries the same bytes."""
    name = re.sub(r"[^A-Za-z0-9]", "", message_id)[:50]
    whole = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(whole):
        part.set_boundary(f"=_{number}_{name}")


class _Link(UnstructuredHeader):
    """A header that holds an address in angle brackets: never folded or encoded, or no mail program can follow it."""

    max_count = 1

    def fold(self, *, policy: Policy) -> str:
        del policy
        return f"{self.name}: {self}\r\n"  # type: ignore[attr-defined]  # the registry mixes in its base class


_HEADERS: Final = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Link)  # type: ignore[arg-type]  # as it does here
_POLICY: Final = SMTP.clone(header_factory=_HEADERS)


def one_line(text: str, limit: int) -> str:
    """`text` without control characters and line ends, at most `limit` characters.

    What looks like an encoded word of a header is taken apart: a reader would decode it, line ends and all.
    """
    return " ".join(_CONTROL.sub(" ", text).split()).replace("=?", "= ?")[:limit]


def _address(name: str, address: str) -> Address:
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or _CONTROL.search(address) or " " in address:
        raise Refused("this is not an address that a mail can be sent to")
    try:
        return Address(one_line(name, NAME_LIMIT), local, domain.encode("idna").decode("ascii"))
    except ValueError as error:
        raise Refused(f"no mail can be sent to this address: {error}") from error
