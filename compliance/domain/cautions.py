"""What typed text should rarely hold: hashes, many addresses, and user names of those who offend.

Source: the handling rules on illegal material. A caution never stops anybody; it asks to look again.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from compliance.domain.answers import AnswerEntry


class Caution(StrEnum):
    HASH = "hash"
    ADDRESSES = "addresses"
    NAMES = "names"


ADDRESSES_LIMIT: Final = 3  # so many different ones in one answer's text look like a list

#: MD5, SHA-1, SHA-256 (and PDQ), SHA-512 in hexadecimal; perceptual hashes are long words of base64.
_HASH: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z+/=])(?=[0-9A-Za-z+/]*[0-9])(?=[0-9A-Za-z+/]*[a-z])(?=[0-9A-Za-z+/]*[A-Z])[0-9A-Za-z+/]{86,}={0,2}",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"\b(?:https?|ftp|hxxps?)://[^\s<>\"']+|\bwww\.[^\s<>\"']+", re.IGNORECASE)
_NEVER_HARMLESS: Final = re.compile(
    r"\b[a-z2-7]{16}(?:[a-z2-7]{40})?\.onion\b|\bmagnet:\?xt=|\bhxxps?://|(?<![\d.])(?=[\d.]{9})(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)",
    re.IGNORECASE,
)
_NAME: Final = re.compile(
    r"(?<![\w@./])@[A-Za-z0-9_][A-Za-z0-9_.]{2,29}\b"
    r"|\b(?:user\s?names?|screen\s?names?|handles?|account\s?ids?|noms? d['’]utilisateur|pseudonymes?|pseudos?)"
    r"\s*:\s*\S{3,}"
    r"|(?<![\w.])[\w.+-]+@[\w-]+\.[\w.-]+",
    re.IGNORECASE,
)


def cautions_in(text: str) -> list[Caution]:
    """What in `text` should be looked at again, in the order of the list above."""
    found = []
    if _HASH.search(text):
        found.append(Caution.HASH)
    addresses = {match.group().rstrip(".,;:)").casefold() for match in _ADDRESS.finditer(text)}
    if len(addresses) >= ADDRESSES_LIMIT or _NEVER_HARMLESS.search(text):
        found.append(Caution.ADDRESSES)
    if len({match.group().casefold() for match in _NAME.finditer(text)}) >= 2 or re.search(
        r"\b(?:user\s?name|screen\s?name|nom d['’]utilisateur|pseudonyme)\s*:\s*\S{3,}", text, re.IGNORECASE
    ):
        found.append(Caution.NAMES)
    return found


def cautions_of(entry: AnswerEntry) -> list[Caution]:
    """The cautions for all that was typed in an answer. The address field of evidence is meant to hold an address."""
    texts = [entry.explanation, entry.reason_text]
    texts += [item.description for item in entry.evidence]
    texts += [text for item in entry.metrics for text in (item.geography, item.method, item.not_collected_reason)]
    return cautions_in("\n".join(texts))
