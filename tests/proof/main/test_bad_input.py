"""Random hostile forms: no page answers with a server error, nothing is half saved, typed text comes back."""

from __future__ import annotations

import datetime as dt
import html
import random
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.storage.models import Answer, Evidence, Finding, MetricValue, Service, Submission
from tests.proof.row import SEED
from tests.support import factories as make
from tests.support.audit_client import AuditClient

POSTS = 400
NASTY = [
    "", " ", "0", "-1", "1e999", "NaN", "٣", "9" * 400, "31", "2", "2027", "in_place", "partly", "planned", "cannot_say",
    "<script>alert(1)</script>", "'; DROP TABLE answer; --", "{{ 7*7 }}", "\x00", "\ud800".encode("utf-8", "replace").decode(),
    "\u202eabc", "é" * 9_000, "🙂" * 50, "https://", "javascript:alert(1)", "http://[", "https://a.example/ x", "../../etc/passwd",
    "=1+1", "\r\nSet-Cookie: a=b", "public_link", "stated", "P01-m1", "P99-m9", "unanswered", "none", "agree", "not_met",
]  # fmt: skip
FIELDS = [
    "status", "surfaces", "explanation", "planned_on-day", "planned_on-month", "planned_on-year", "reason", "reason_text",
    "evidence-0-grade", "evidence-0-address", "evidence-0-description", "evidence-0-expires_on-day", "evidence-3-grade",
    "evidence-999-address", "metrics-0-metric_id", "metrics-0-value", "metrics-0-period_start-year", "metrics-1-value",
    "metrics-x-value", "version", "key", "name", "functions", "role", "authority", "no_material", "fingerprint", "rating",
    "statement", "principle", "unit", "source_address", "services_scope", "then",
]  # fmt: skip
TABLES = (Answer, Evidence, MetricValue, Finding, Submission, Service)
NOW = dt.datetime(2026, 9, 15, 16, tzinfo=dt.UTC)


@pytest.fixture
def addresses(context: object) -> list[tuple[object, str]]:
    """Every form of both paths with the person who may send it."""
    company = make.organisation()
    cycle = make.cycle(make.REAL, due_on=dt.date(2031, 1, 31))
    make.participation(cycle, company)
    make.service(company, ("image_video_sharing",), name="Photos", slug="photos")
    lead = make.user(company, "lead")
    make.assessment(cycle, company)
    signed = make.organisation()
    make.participation(cycle, signed)
    service = make.service(signed, ("image_video_sharing",), name="Other", slug="other")
    assessment = make.assessment(cycle, signed)
    author = make.actor(signed)
    make.answer(assessment, service, "P01.a", author)
    make.submitted(author, cycle, now=NOW)
    reviewer = make.user(make.government("CA"), "reviewer")
    review = f"/companies/{signed.slug}/{cycle.slug}/review/services/other/P01.a"
    return [
        (lead, f"/assessments/{cycle.slug}/services/photos/P01.a"),
        (lead, f"/assessments/{cycle.slug}/company/P09.a"),
        (lead, f"/assessments/{cycle.slug}/sign"),
        (lead, "/services/new"),
        (lead, "/services/photos"),
        (lead, "/account"),
        (reviewer, review),
        (reviewer, f"/companies/{signed.slug}/public-record/new"),
    ]


def test_no_form_breaks_the_site(
    client: AuditClient,
    addresses: list[tuple[object, str]],
    session: Session,
    record_property: Callable[[str, object], None],
) -> None:
    chance = random.Random(SEED)
    refused = 0
    for _ in range(POSTS):
        person, address = chance.choice(addresses)
        make.sign_in(client, person, language="en")  # type: ignore[arg-type]
        data = {name: _value(chance) for name in chance.sample(FIELDS, chance.randint(0, len(FIELDS)))}
        before = _counts(session)
        answer = client.post(address, data=data)
        assert answer.status_code < 500, (address, data)
        if answer.status_code >= 400:
            refused += 1
            assert _counts(session) == before, (address, data)
            _typed_is_there(answer.text, address, data)
    record_property("result", f"{POSTS} forms, {refused} refused, 0 server errors")
    assert refused > POSTS / 2


def _value(chance: random.Random) -> str | list[str]:
    if chance.random() < 0.15:
        return [chance.choice(NASTY) for _ in range(3)]
    return chance.choice(NASTY)


def _counts(session: Session) -> list[int]:
    session.rollback()
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def _typed_is_there(page: str, address: str, data: dict[str, str | list[str]]) -> None:
    """Where the form came back (422), the long text is in it as it was typed."""
    text = data.get("explanation")
    if "/services/photos/P01.a" in address and isinstance(text, str) and "Save and continue" in page:
        shown = text.replace("\r\n", "\n").replace("\x00", "").replace("\u202e", "").strip()
        assert html.escape(shown, quote=False) in page or html.escape(shown) in page or "&#39;" in page
