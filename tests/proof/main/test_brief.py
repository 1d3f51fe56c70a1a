"""The brief of every demo company, in both languages: page and PDF say the same, and the PDF is PDF/UA-1."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import page as page_checks
import pytest
from flask import Flask

from compliance.config import ROOT
from compliance.demo import loading
from compliance.domain.permissions import Actor, OrganisationKind, Role
from compliance.reporting import Folders, render
from compliance.services.report import briefs
from compliance.services.report.briefs import Brief
from compliance.services.transaction import looking
from compliance.storage.models import Cycle, Organisation, Result, Sharing
from tests.reporting.reading import text_of_html, text_of_pdf

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
FOLDERS = Folders(ROOT / "reports", ROOT / "build" / "fonts")


@pytest.fixture
def every_brief(context: Flask) -> list[tuple[str, str, str]]:
    """Company, cycle and a country it is shared with, for all that have results."""
    from sqlalchemy import select

    loading.load(12, 1, hash_password=lambda: "not used", now=NOW)
    with looking() as session:
        rows = session.execute(
            select(Organisation.slug, Cycle.slug, Sharing.country)
            .join(Result, Result.company_id == Organisation.id)
            .join(Cycle, Cycle.id == Result.cycle_id)
            .join(Sharing, (Sharing.company_id == Organisation.id) & (Sharing.cycle_id == Cycle.id))
            .where(Sharing.ended_at.is_(None), Sharing.country == Organisation.country)
            .distinct()
        ).all()
    return [(company, cycle, country) for company, cycle, country in rows]


def test_page_and_pdf_say_the_same(
    every_brief: list[tuple[str, str, str]], record_property: Callable[[str, object], None]
) -> None:
    count = 0
    for slug, cycle, country in every_brief:
        actor = Actor(0, "", 0, "", OrganisationKind.GOVERNMENT, country, frozenset({Role.REVIEWER}))
        for language in ("en", "fr"):
            brief = briefs.company_brief(actor, slug, cycle, language, FOLDERS, now=NOW)
            page, pdf = text_of_html(briefs.as_html(brief, FOLDERS)), text_of_pdf(render(brief.report, "pdf", FOLDERS))
            assert sorted(page) == sorted(pdf), f"{slug} {cycle} {language}"
            count += 1
    record_property("result", f"{count} briefs, page and PDF equal in all")
    assert count >= 40


def test_two_of_them_are_pdf_ua(every_brief: list[tuple[str, str, str]], tmp_path: Path) -> None:
    slug, cycle, country = every_brief[0]
    actor = Actor(0, "", 0, "", OrganisationKind.GOVERNMENT, country, frozenset({Role.REVIEWER}))
    for language in ("en", "fr"):
        brief: Brief = briefs.company_brief(actor, slug, cycle, language, FOLDERS, now=NOW)
        report = page_checks.validate_pdf_bytes(render(brief.report, "pdf", FOLDERS), profile="ua1")
        assert report.is_compliant
