"""A virus scanner beside the product: ClamAV's daemon, over a socket of this machine or the network."""

from __future__ import annotations

import io
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import clamd

SECONDS: Final = 20.0


class ScannerUnavailable(Exception):
    """The scanner that was set up gave no verdict; what it did not see is not let through."""


class Scanner(Protocol):
    def finds(self, content: bytes) -> str | None:
        """The name of what was found in `content`, None when nothing was. Raises ScannerUnavailable."""


class NoScanner:
    """No scanner was set up."""

    def finds(self, content: bytes) -> str | None:
        return None


class Clamd:
    """The daemon at `address`: `unix:/path` or `tcp://host:port`."""

    def __init__(self, address: str) -> None:
        self._address = address

    def finds(self, content: bytes) -> str | None:
        try:
            answer = self._daemon().instream(io.BytesIO(content))
            verdict, name = answer["stream"]
        except Exception as error:  # the library raises whatever its socket did
            raise ScannerUnavailable(str(error)) from error
        if verdict == "OK":
            return None
        if verdict == "FOUND":
            return str(name)
        raise ScannerUnavailable(f"{verdict}: {name}")

    def _daemon(self) -> Any:
        if self._address.startswith("unix:"):
            return clamd.ClamdUnixSocket(self._address.removeprefix("unix:"), timeout=SECONDS)
        parts = urlsplit(self._address)
        return clamd.ClamdNetworkSocket(parts.hostname, parts.port or 3310, timeout=SECONDS)


def scanner_at(address: str) -> Scanner:
    """The scanner that the setting names; none when it is empty."""
    return Clamd(address) if address else NoScanner()
