"""Invented names of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from random import Random

from compliance.demo.designs import read


def names(dice: Random, count: int) -> list[str]:
    """Different names for people of one organisation."""
    given = dice.sample(_parts()["given"], count)
    family = dice.sample(_parts()["family"], count)
    return [f"{first} {last}" for first, last in zip(given, family, strict=True)]


@cache
def _parts() -> Mapping[str, Sequence[str]]:
    found: Mapping[str, Sequence[str]] = read("people.yaml")
    return found
