"""Documents that a company shows as evidence: what may be uploaded, and how an answer names one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

DOCUMENT_LIMIT: Final = 10 * 1024 * 1024  # bytes of one file
DOCUMENTS_LIMIT: Final = 400  # files of one company
NAME_LIMIT: Final = 150  # characters
NOTE_LIMIT: Final = 500  # characters


class DocumentState(StrEnum):
    """A quarantined document is kept as it is and never opened, shown, copied or sent."""

    CLEAN = "clean"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """A document as an answer names it: by the sha256 of its content, which is what makes two the same.

    Name, media type and size (bytes) are as stored when the reference was made; whoever only chooses a document
    need not know them, and is given them when the answer is saved. `id` is that of the stored row, None in a sealed
    copy.
    """

    sha256: str
    name: str = ""
    media_type: str = ""
    size: int = 0
    quarantined: bool = field(default=False, compare=False)
    id: int | None = field(default=None, compare=False)


#: Characters that make a name unreadable or lead out of a folder.
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff<>:"/\\|?*;]')


def shown_name(name: str) -> str:
    """The name of an uploaded file as it is kept and handed out: the last step of a path, without control signs.

    It is for reading only: the store knows the file by a random name.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    cleaned = " ".join(_UNSAFE.sub(" ", last).split()).strip(". ")
    stem, dot, suffix = cleaned.rpartition(".")
    if not dot:
        return cleaned[:NAME_LIMIT] or "document"
    return f"{stem[: NAME_LIMIT - 1 - len(suffix)] or 'document'}.{suffix.casefold()[:10]}"
