"""The sealed copy: what a company signed, in one canonical form whose sha256 proves it.

Government reads submissions, never drafts; so what it can see is what was signed, by construction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, MetricEntry, Reason, Status
from compliance.domain.documents import DocumentRef


@dataclass(frozen=True, slots=True)
class SealedService:
    """A service as it was when signed. `functions` is None when the company never said what the service does."""

    slug: str
    name: str
    functions: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, in what role, and on what authority; names are as typed by the signer."""

    name: str
    role: str
    authority: str


@dataclass(frozen=True)
class Sealed:
    """One submission. Answers are keyed by service slug (None: asked once for the company) and indicator id."""

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

    @cached_property
    def services_by_slug(self) -> Mapping[str, SealedService]:
        return {service.slug: service for service in self.services}


def seal(sealed: Sealed) -> tuple[str, str]:
    """The canonical text of a submission (JSON, sorted keys) and its sha256 in hexadecimal."""
    text = json.dumps(_dump(sealed), ensure_ascii=False, sort_keys=True, indent=1)
    return text, hashlib.sha256(text.encode()).hexdigest()


def unseal(text: str) -> Sealed:
    """The submission that `seal` turned into `text`."""
    data = json.loads(text)
    return Sealed(
        company=data["company"],
        cycle=data["cycle"],
        framework=data["framework"],
        framework_version=data["framework_version"],
        framework_sha256=data["framework_sha256"],
        number=data["number"],
        language=data["language"],
        services=tuple(
            SealedService(s["slug"], s["name"], None if s["functions"] is None else frozenset(s["functions"]))
            for s in data["services"]
        ),
        answers={(a["service"], a["indicator"]): load_answer(a) for a in data["answers"]},
        signature=Signature(**data["signature"]),
        submitted_at=dt.datetime.fromisoformat(data["submitted_at"]),
    )


def _dump(sealed: Sealed) -> dict[str, Any]:
    answers = sorted(sealed.answers.items(), key=lambda item: (item[0][0] or "", item[0][1]))
    return {
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
        "signature": {
            "name": sealed.signature.name,
            "role": sealed.signature.role,
            "authority": sealed.signature.authority,
        },
        "submitted_at": sealed.submitted_at.isoformat(),
    }


def dump_answer(entry: AnswerEntry) -> dict[str, Any]:
    """An answer as plain data: for the sealed copy and for the audit trail."""
    return {
        "status": entry.status.value,
        "surfaces": list(entry.surfaces),
        "explanation": entry.explanation,
        "planned_on": _day(entry.planned_on),
        "reason": entry.reason.value if entry.reason else None,
        "reason_text": entry.reason_text,
        "evidence": [
            {
                "grade": item.grade.value,
                "address": item.address,
                "description": item.description,
                "effective_on": _day(item.effective_on),
                "expires_on": _day(item.expires_on),
                "document": _dump_document(item.document),
            }
            for item in entry.evidence
        ],
        "metrics": [
            {
                "metric": item.metric_id,
                "value": None if item.value is None else format(item.value, "f"),
                "unit": item.unit,
                "period_start": _day(item.period_start),
                "period_end": _day(item.period_end),
                "geography": item.geography,
                "method": item.method,
                "not_collected_reason": item.not_collected_reason,
            }
            for item in entry.metrics
        ],
    }


def load_answer(data: Mapping[str, Any]) -> AnswerEntry:
    """The answer that `dump_answer` turned into `data`."""
    return AnswerEntry(
        status=Status(data["status"]),
        surfaces=tuple(data["surfaces"]),
        explanation=data["explanation"],
        planned_on=_date(data["planned_on"]),
        reason=Reason(data["reason"]) if data["reason"] else None,
        reason_text=data["reason_text"],
        evidence=tuple(
            EvidenceEntry(
                grade=Grade(item["grade"]),
                address=item["address"],
                description=item["description"],
                effective_on=_date(item["effective_on"]),
                expires_on=_date(item["expires_on"]),
                document=_load_document(item.get("document")),  # copies sealed before there were documents have none
            )
            for item in data["evidence"]
        ),
        metrics=tuple(
            MetricEntry(
                metric_id=item["metric"],
                value=None if item["value"] is None else Decimal(item["value"]),
                unit=item["unit"],
                period_start=_date(item["period_start"]),
                period_end=_date(item["period_end"]),
                geography=item["geography"],
                method=item["method"],
                not_collected_reason=item["not_collected_reason"],
            )
            for item in data["metrics"]
        ),
    )


def _dump_document(document: DocumentRef | None) -> dict[str, Any] | None:
    """A document by its sha256: the sealed copy proves which file was shown, too."""
    if document is None:
        return None
    return {
        "sha256": document.sha256,
        "name": document.name,
        "media_type": document.media_type,
        "size": document.size,
    }


def _load_document(data: Mapping[str, Any] | None) -> DocumentRef | None:
    return None if data is None else DocumentRef(data["sha256"], data["name"], data["media_type"], data["size"])


def _day(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None


def _date(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
