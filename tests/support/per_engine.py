"""Fixtures for folders whose tests run on both engines."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.engines import ENGINES


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    name: str = request.param
    return name


@pytest.fixture(autouse=True)
def context_everywhere(context: Flask) -> Flask:
    """The database is open without asking for it."""
    return context
