"""Office packages (zip with XML inside), checked before anything in them is parsed.

What is refused here is what makes readers crash, hang or fetch: sizes that explode, parts that hide, document type
declarations, and data before or behind the package.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

PARTS_LIMIT: Final = 2_000
UNPACKED_LIMIT: Final = 60 * 1024 * 1024  # bytes of all parts together
PART_LIMIT: Final = 30 * 1024 * 1024  # bytes of one part
CHUNK: Final = 256 * 1024

_END: Final = b"PK\x05\x06"
_DECLARATION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DRIVE: Final = re.compile(r"^[A-Za-z]:")


class BadPackage(Exception):
    """A package that is not opened; `code` says why: "damaged", "bomb", "declaration" or "encrypted"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a checked package by name, unpacked."""

    parts: dict[str, bytes]

    def __contains__(self, name: str) -> bool:
        return name in self.parts

    @property
    def names(self) -> list[str]:
        return list(self.parts)


def open_package(content: bytes) -> Package:
    """The parts of `content`. Raises BadPackage; never unpacks more than UNPACKED_LIMIT."""
    _nothing_around(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_list(entries)
            parts = dict(_unpacked(archive, entries))
    except BadPackage:
        raise
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadPackage("damaged") from error
    except struct.error as error:
        raise BadPackage("damaged") from error
    for name, part in parts.items():
        if name.endswith((".xml", ".rels", ".vml")) and _declares(part):
            raise BadPackage("declaration")
    return Package(parts)


def _nothing_around(content: bytes) -> None:
    """The package is the whole file: what stands before or behind it could be a file of another kind."""
    if not content.startswith(b"PK\x03\x04"):
        raise BadPackage("damaged")
    at = content.rfind(_END)
    if at < 0 or len(content) < at + 22:
        raise BadPackage("damaged")
    (comment,) = struct.unpack_from("<H", content, at + 20)
    if at + 22 + comment != len(content) or comment:
        raise BadPackage("damaged")


def _check_list(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > PARTS_LIMIT:
        raise BadPackage("bomb")
    if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise BadPackage("bomb")
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) != len(names):
        raise BadPackage("damaged")
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise BadPackage("encrypted")
        steps = entry.filename.split("/")
        if ".." in steps or entry.filename.startswith("/") or "\\" in entry.filename or _DRIVE.match(entry.filename):
            raise BadPackage("damaged")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadPackage("damaged")


def _unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """Each part, counted while it is unpacked: the sizes that a package states may be false."""
    total = 0
    for entry in entries:
        found = bytearray()
        with archive.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                found += chunk
                total += len(chunk)
                if len(found) > PART_LIMIT or total > UNPACKED_LIMIT:
                    raise BadPackage("bomb")
        yield entry.filename, bytes(found)


def _declares(part: bytes) -> bool:
    """Does an XML part declare a document type or an entity, in any encoding that a parser would take?"""
    return bool(_DECLARATION.search(part) or _DECLARATION.search(part.replace(b"\x00", b"")))
