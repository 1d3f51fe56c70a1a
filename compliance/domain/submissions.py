"""The sealed copy: what a company signed, in one canonical form whose sha256 proves it.

Government reads submissions, never drafts; so what it can see is what was signed, by construction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from compliance.domain import plain
from compliance.domain.answers import AnswerEntry
from compliance.domain.questionnaire import Profile

#: The shape of the sealed copy. Copies from before it was written say none and have the shape of the first.
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class SealedService:
    """A service as it was when signed. `functions` is None when the company never said what the service does."""

    slug: str
    name: str
    functions: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, in what role, and on what authority; names are as typed by the signer."""

    name: str = ""
    role: str = ""
    authority: str = ""


@dataclass(frozen=True)
class Sealed:
    """One submission. Answers are keyed by service slug (None: asked once for the company) and indicator id.

    `language` is that of the signature; each answer has the language it was typed in.
    """

    company: str
    cycle: str
    framework: str
    framework_version: str
    framework_sha256: str
    number: int
    language: str
    services: tuple[SealedService, ...]
    answers: Mapping[tuple[str | None, str], AnswerEntry]
    signature: Signature
    submitted_at: dt.datetime

    @property
    def profiles(self) -> list[Profile]:
        """The services as the company signed them, as the rules know them."""
        return [Profile(service.slug, service.name, service.functions) for service in self.services]

    @cached_property
    def services_by_slug(self) -> Mapping[str, SealedService]:
        return {service.slug: service for service in self.services}


def seal(sealed: Sealed) -> tuple[str, str]:
    """The canonical text of a submission (JSON, sorted keys) and its sha256 in hexadecimal."""
    text = json.dumps(_dump(sealed), ensure_ascii=False, sort_keys=True, indent=1)
    return text, hashlib.sha256(text.encode()).hexdigest()


def unseal(text: str) -> Sealed:
    """The submission that `seal` turned into `text`.

    Read tolerantly: what a copy of an older version lacks takes its default, what a newer one has more is left out.
    """
    data = json.loads(text)
    return Sealed(
        company=data["company"],
        cycle=data["cycle"],
        framework=data["framework"],
        framework_version=data["framework_version"],
        framework_sha256=data["framework_sha256"],
        number=data["number"],
        language=data.get("language", ""),
        services=tuple(
            SealedService(s["slug"], s["name"], None if s.get("functions") is None else frozenset(s["functions"]))
            for s in data["services"]
        ),
        answers={(a["service"], a["indicator"]): _load_signed(a, data) for a in data["answers"]},
        signature=plain.load(Signature, data["signature"]),
        submitted_at=dt.datetime.fromisoformat(data["submitted_at"]),
    )


def _load_signed(answer: Mapping[str, Any], copy: Mapping[str, Any]) -> AnswerEntry:
    """An answer of a copy. Before answers had a language of their own, all of them were in that of the signer."""
    return load_answer({"language": copy.get("language", ""), **answer})


def _dump(sealed: Sealed) -> dict[str, Any]:
    answers = sorted(sealed.answers.items(), key=lambda item: (item[0][0] or "", item[0][1]))
    return {
        "format": FORMAT,
        "company": sealed.company,
        "cycle": sealed.cycle,
        "framework": sealed.framework,
        "framework_version": sealed.framework_version,
        "framework_sha256": sealed.framework_sha256,
        "number": sealed.number,
        "language": sealed.language,
        "services": [
            {
                "slug": service.slug,
                "name": service.name,
                "functions": None if service.functions is None else sorted(service.functions),
            }
            for service in sorted(sealed.services, key=lambda service: service.slug)
        ],
        "answers": [
            {"service": service, "indicator": indicator, **dump_answer(entry)}
            for (service, indicator), entry in answers
        ],
        "signature": plain.dump(sealed.signature),
        "submitted_at": sealed.submitted_at.isoformat(),
    }


def dump_answer(entry: AnswerEntry) -> dict[str, Any]:
    """An answer as plain data: for the sealed copy and for the audit trail."""
    data: dict[str, Any] = plain.dump(entry)
    return data


def load_answer(data: Mapping[str, Any]) -> AnswerEntry:
    """The answer that `dump_answer` turned into `data`, now or in another version of the product."""
    return plain.load(AnswerEntry, data)
