"""Keeps tests on this machine: a mail that would leave it fails the test."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

_NAMES = frozenset({"localhost", "ip6-localhost", socket.gethostname()})


class LeavesThisMachine(Exception):
    """A test tried to reach another machine."""


@contextmanager
def only_loopback() -> Iterator[None]:
    """Refuse connections and look-ups beyond this machine while the block lasts."""
    connect, connect_ex, lookup = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse(self.family, address)
        return connect_ex(self, address)

    def guarded_lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host and not is_loopback(_text(host)):
            raise LeavesThisMachine(f"a test looked up {_text(host)}")
        return lookup(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_lookup)
        yield


def is_loopback(host: str) -> bool:
    """Is `host` this machine? An address that stands for "all" counts: servers bind to it."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host in _NAMES
    return address.is_loopback or address.is_unspecified


def _refuse(family: int, address: Any) -> None:
    if family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(_text(address[0])):
        raise LeavesThisMachine(f"a test connected to {_text(address[0])}, port {address[1]}")


def _text(host: Any) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
