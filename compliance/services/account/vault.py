"""Keeping secrets: hashes of what is only compared, seals for what must be read again."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TOKEN_BYTES: Final = 32


class CannotOpen(Exception):
    """What was sealed was changed, or sealed with another secret key or for another use."""


def new_token() -> str:
    """A key that nobody guesses, for an address or a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """What is stored of a token. It has too much chance in it to be guessed back, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


class Vault:
    """Seals under the secret key of the installation; each use has a key of its own."""

    def __init__(self, secret_key: str) -> None:
        self._secret = secret_key.encode()

    def seal(self, use: str, value: Any) -> str:
        """`value` (plain data) as text that only `open` with the same `use` can read."""
        return self._box(use).encrypt(json.dumps(value).encode()).decode()

    def open(self, use: str, sealed: str) -> Any:
        """What was sealed for `use`. Raises CannotOpen."""
        try:
            return json.loads(self._box(use).decrypt(sealed.encode()))
        except (InvalidToken, ValueError) as error:
            raise CannotOpen(use) from error

    def _box(self, use: str) -> Fernet:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"tracker {use}".encode()).derive(self._secret)
        return Fernet(base64.urlsafe_b64encode(key))
