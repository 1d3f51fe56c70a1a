"""Where chance comes from: the seed and what it is about, so that the order of things makes no difference to it."""

from __future__ import annotations

from random import Random


def chance(seed: int, *about: object) -> Random:
    """A source of chance that is the same whenever it is asked for about the same thing."""
    return Random(" ".join(str(part) for part in (seed, *about)))  # noqa: S311  # nosec B311 - invented data, no secret
