"""The demo, planned and loaded once for all tests that only look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from compliance.content import load as load_content
from compliance.demo import designs, loading
from compliance.demo.dates import Dates, two_cycles
from compliance.demo.planning import CompanyPlan, plan_company
from compliance.domain.framework import Framework
from compliance.storage.database import db
from tests.support.engines import ROOT, Databases, bare_app

MADE_AT = dt.datetime(2026, 11, 10, 15, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def framework() -> Framework:
    newest = sorted((ROOT / "principles" / loading.FRAMEWORK).glob("*/framework.yaml"))[-1]
    return load_content(Path(newest).parent).framework


@pytest.fixture(scope="session")
def cycles() -> tuple[Dates, Dates]:
    return two_cycles(MADE_AT.date())


@pytest.fixture(scope="session")
def plans(framework: Framework, cycles: tuple[Dates, Dates]) -> list[CompanyPlan]:
    return [plan_company(design, cycles, framework, seed=1) for design in designs.companies(30, 1)]


@pytest.fixture(scope="session")
def demo_url(databases: Databases) -> str:
    """A database with the demo in it; not to be changed."""
    url = databases.url("sqlite", "stocked")
    with bare_app(url):
        loading.load(12, 1, hash_password=lambda: "hash", now=MADE_AT)
    return url


@pytest.fixture
def demo(demo_url: str) -> Iterator[Session]:
    """A session on it."""
    with bare_app(demo_url), Session(db.engine) as session:
        yield session
