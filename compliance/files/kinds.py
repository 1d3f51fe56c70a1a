"""What a file is, told from its content: PDF, Word, Excel, CSV or plain text; everything else is refused.

Source of the list: the handling rules on illegal material. Pictures, video, audio and archives are never taken, nor
is anything that runs when it is opened.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

import filetype

from compliance.files.packages import BadPackage, Package, open_package

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document with the media type it is served as."""

    suffix: str
    media_type: str


class Refused(Exception):
    """A file that is not taken; `code` is that of the sentence that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def kind_of(name: str, content: bytes) -> Kind:
    """The kind of a file. Raises Refused when it is none of the five, or not what its name says."""
    if not content:
        raise Refused("document_empty")
    kind = KINDS.get(PurePosixPath(name.replace("\\", "/")).suffix.casefold())
    if kind is None:
        raise Refused("document_kind")
    if TEST_VIRUS in content[:1024]:
        raise Refused("document_virus")  # the harmless file that every scanner reports, so that one can try
    found = filetype.guess_mime(content)
    if found and (found.startswith(("image/", "video/", "audio/", "font/")) or found in _PROGRAMS):
        raise Refused("document_mismatch")
    _CHECKS[kind.suffix](content)
    return kind


TEST_VIRUS: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
_PROGRAMS: Final = frozenset({"application/x-msdownload", "application/x-executable", "application/x-shockwave-flash"})

# --- PDF --------------------------------------------------------------------------------------------------------------

#: Names in a PDF that make a reader run, open or hide something. All are long enough not to occur by chance in what
#: is packed: the whole file is looked at, because a reader finds its objects wherever they stand.
_PDF_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|GoToE|SubmitForm|ImportData)\b|/XFA\s*[\[\d]"
)
_PDF_NAME_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_STREAM: Final = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
_PDF_UNPACKED_LIMIT: Final = 40 * 1024 * 1024


def _pdf(content: bytes) -> None:
    if not re.match(rb"%PDF-[12]\.\d", content):
        raise Refused("document_mismatch")
    if b"%%EOF" not in content[-1024:] or b"startxref" not in content[-2048:]:
        raise Refused("document_damaged")
    after = content[content.rindex(b"%%EOF") + 5 :]
    if after.strip(b"\r\n\x00 ") or b"PK\x05\x06" in content[-70_000:]:
        raise Refused("document_mismatch")  # another file stands behind it
    if re.search(rb"<(?:script|html|svg|iframe)\b", content[:1024], re.IGNORECASE):
        raise Refused("document_mismatch")
    for piece in _pdf_structure(content):
        names = _PDF_NAME_ESCAPE.sub(lambda found: bytes([int(found.group(1), 16)]), piece)
        if re.search(rb"/Encrypt\b", names):
            raise Refused("document_encrypted")
        if _PDF_ACTIVE.search(names):
            raise Refused("document_active")


def _pdf_structure(content: bytes) -> Iterator[bytes]:
    """The file itself and each object stream in it, unpacked: a name may stand in either."""
    yield content
    total = 0
    for found in _PDF_STREAM.finditer(content):
        unpacker = zlib.decompressobj()
        try:
            end = content.find(b"endstream", found.end())
            piece = unpacker.decompress(content[found.end() : end], _PDF_UNPACKED_LIMIT - total)
        except zlib.error:
            continue  # packed in another way, or not at all: then it was seen above
        total += len(piece)
        if total >= _PDF_UNPACKED_LIMIT:
            raise Refused("document_bomb")
        yield piece


# --- Word and Excel ---------------------------------------------------------------------------------------------------

#: Parts that run, embed another file, or are sound and moving pictures.
_OFFICE_ACTIVE: Final = re.compile(
    r"vbaproject|vbadata|macrosheet|activex|oleobject|/embeddings/|customui|\.(?:bin|exe|dll|js|vbs|hta|zip)$"
    r"|\.(?:mp3|mp4|m4a|m4v|mov|avi|wmv|wav|wma|ogg|webm|mkv|mpe?g)$",
    re.IGNORECASE,
)
#: Small binary parts that spreadsheets and Word write themselves.
_OFFICE_QUIET: Final = re.compile(r"printersettings\d*\.bin$|^customxml/.*\.bin$", re.IGNORECASE)
_REMOTE: Final = re.compile(
    rb"<Relationship\b[^>]*(?:attachedTemplate|oleObject|externalLink(?:Path)?|frame|subDocument|image)\"[^>]*"
    rb"TargetMode\s*=\s*[\"']External",
    re.IGNORECASE,
)
_REMOTE_TURNED: Final = re.compile(
    rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*"
    rb"(?:attachedTemplate|oleObject|externalLink(?:Path)?|frame|subDocument|image)\"",
    re.IGNORECASE,
)
_FIELD_COMMAND: Final = re.compile(rb"\b(?:DDEAUTO|DDE)\b\s")


def _office(main: bytes) -> Callable[[bytes], None]:
    def check(content: bytes) -> None:
        package = open_checked(content)
        types = package.parts.get("[Content_Types].xml", b"")
        if b"macroEnabled" in types or b"vbaProject" in types:
            raise Refused("document_macros")
        if main not in types:
            raise Refused("document_mismatch")
        for name in package.names:
            if _OFFICE_ACTIVE.search(name) and not _OFFICE_QUIET.search(name):
                raise Refused("document_macros" if "vba" in name.casefold() else "document_active")
        for name, part in package.parts.items():
            if name.endswith(".rels") and (_REMOTE.search(part) or _REMOTE_TURNED.search(part)):
                raise Refused("document_active")
            if name.startswith("word/") and name.endswith(".xml") and _FIELD_COMMAND.search(part):
                raise Refused("document_active")

    return check


def open_checked(content: bytes) -> Package:
    """An office package that may be read. Raises Refused."""
    try:
        return open_package(content)
    except BadPackage as bad:
        raise Refused(f"document_{bad.code}") from bad


# --- text -------------------------------------------------------------------------------------------------------------

_MARKUP: Final = re.compile(r"\s*<(?:!doctype|\?xml|html|head|body|svg|script|iframe|img|math|[a-z]+:)", re.IGNORECASE)
_OTHER_STARTS: Final = ("%PDF", "#!", "{\\rtf", "MZ", "PK\x03\x04", "GIF8", "\x89PNG", "From ", "MIME-Version:")


def _text(content: bytes) -> None:
    text = decoded(content)
    if text is None or filetype.guess(content) is not None:
        raise Refused("document_mismatch")
    if any(character not in "\t\n\r\f" and unicodedata.category(character) in ("Cc", "Cn") for character in set(text)):
        raise Refused("document_mismatch")
    if _MARKUP.match(text[:2048]) or re.search(r"<\s*(?:script|svg|iframe|object|embed)\b", text, re.IGNORECASE):
        raise Refused("document_markup")
    if text.startswith(_OTHER_STARTS):
        raise Refused("document_mismatch")


def decoded(content: bytes) -> str | None:
    """The text in `content`: UTF-8, UTF-16 with its mark, or what Windows programs in English and French write."""
    marked = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for encoding in (marked, "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


KINDS: Final = {
    ".pdf": Kind(".pdf", "application/pdf"),
    ".docx": Kind(".docx", f"{_OFFICE}wordprocessingml.document"),
    ".xlsx": Kind(".xlsx", f"{_OFFICE}spreadsheetml.sheet"),
    ".csv": Kind(".csv", "text/csv"),
    ".txt": Kind(".txt", "text/plain"),
}
_CHECKS: Final[dict[str, Callable[[bytes], None]]] = {
    ".pdf": _pdf,
    ".docx": _office(b"wordprocessingml.document.main+xml"),
    ".xlsx": _office(b"spreadsheetml.sheet.main+xml"),
    ".csv": _text,
    ".txt": _text,
}
