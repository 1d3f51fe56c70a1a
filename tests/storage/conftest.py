"""Tables and queries run on both engines; the database is open in every test."""

from tests.support.per_engine import context_everywhere, engine

__all__ = ["context_everywhere", "engine"]
