"""A zip that is written while it is sent: whatever its size, one file of it is in memory."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

#: These are compressed already; to compress them again costs time and gains nothing.
PACKED: Final = (".pdf", ".docx", ".xlsx")


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    content: bytes


class _Sink(io.RawIOBase):
    """Takes what the zip writes until it is fetched. It cannot be rewound, so the zip never tries to."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # type: ignore[call-overload]
        self._parts.append(part)
        return len(part)

    def fetch(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def zipped(entries: Iterable[Entry], at: dt.datetime) -> Iterator[bytes]:
    """The pieces of a zip of `entries`, each dated `at`: the same entries make the same bytes."""
    sink = _Sink()
    date = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second)
    with zipfile.ZipFile(sink, "w") as book:
        for entry in entries:
            packed = entry.name.endswith(PACKED)
            info = zipfile.ZipInfo(entry.name, date)
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            book.writestr(info, entry.content)
            yield sink.fetch()
    yield sink.fetch()
