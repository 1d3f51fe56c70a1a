"""Signed heads: once a day the ends of all audit chains are written to a file outside the database, with a signature.

Whoever can rewrite the database can rewrite a chain and its head with it. Against a file that was written before, the
lie shows: the event that stood there is gone or is another one.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

from compliance.domain.audit_chain import Head
from compliance.services.audit.check import heads

FORMAT: Final = 1


class BadHeads(Exception):
    """A file of signed heads that cannot be trusted; the message names the file and the reason."""


def signing_key(secret: str) -> Ed25519PrivateKey:
    """The key that signs, made from the installation's secret: every process has it, and it is stored nowhere."""
    seed = HKDF(SHA256(), 32, salt=None, info=b"audit heads").derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def write_today(session: Session, folder: Path, secret: str, *, now: dt.datetime) -> Path | None:
    """Write the day's file, once; None when it is there already."""
    target = folder / f"heads-{now:%Y-%m-%d}.json"
    if target.exists():
        return None
    return write(session, target, secret, now=now)


def write(session: Session, target: Path, secret: str, *, now: dt.datetime) -> Path:
    """Write all heads, signed, to `target`. Whole or not at all: it is put into place when it is on disk."""
    content = {"format": FORMAT, "at": now.isoformat(), "heads": [list(head) for head in heads(session)]}
    key = signing_key(secret)
    signed = {
        **content,
        "key": _text(key.public_key().public_bytes_raw()),
        "signature": _text(key.sign(_bytes(content))),
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    with aside.open("w", encoding="utf-8") as file:
        json.dump(signed, file)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(target)
    return target


def read(path: Path, secret: str) -> list[Head]:
    """The heads of a file. Raises BadHeads when it is damaged or not signed with the installation's key."""
    try:
        signed = json.loads(path.read_text(encoding="utf-8"))
        content = {name: signed[name] for name in ("format", "at", "heads")}
        signature = base64.b64decode(signed["signature"], validate=True)
        kept = [Head(str(chain), int(number), str(digest)) for chain, number, digest in content["heads"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadHeads(f"{path} is not a file of signed heads ({error})") from None
    public: Ed25519PublicKey = signing_key(secret).public_key()
    try:
        public.verify(signature, _bytes(content))
    except InvalidSignature:
        raise BadHeads(f"{path} was changed, or signed with the key of another installation") from None
    return kept


def newest(folder: Path) -> Path | None:
    """The newest daily file: a chain only grows, so that the newest covers what the earlier ones say."""
    return max(folder.glob("heads-*.json"), default=None)


def _bytes(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


__all__ = ["BadHeads", "newest", "read", "signing_key", "write", "write_today"]
