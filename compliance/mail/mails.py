"""A mail as data, and as the bytes that travel."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from compliance.mail.failures import Refused

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
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


def build(mail: Mail) -> EmailMessage:
    """The mail for the wire; raises Refused for an address that no mail can be sent to.

    Names and subject come from people: control characters, line ends among them, become spaces, so that nothing typed
    into a name can add a header.
    """
    message = EmailMessage(policy=SMTP)
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
    for part in (message, *message.iter_parts()):  # last: setting the content removes headers about content
        part["Content-Language"] = mail.language
    # A boundary from the Message-ID instead of chance: a second attempt carries the same bytes.
    message.set_boundary("=_" + re.sub(r"[^A-Za-z0-9]", "", mail.message_id)[:60])
    return message


def one_line(text: str, limit: int) -> str:
    """`text` without control characters and line ends, at most `limit` characters."""
    return " ".join(_CONTROL.sub(" ", text).split())[:limit]


def _address(name: str, address: str) -> Address:
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or _CONTROL.search(address) or " " in address:
        raise Refused("this is not an address that a mail can be sent to")
    try:
        return Address(one_line(name, NAME_LIMIT), local, domain.encode("idna").decode("ascii"))
    except ValueError as error:
        raise Refused(f"no mail can be sent to this address: {error}") from error
