"""The controls that rows of the group `assessment` switch off, by name."""

from __future__ import annotations

from collections.abc import Callable

from tests.proof.assessment import answering

CONTROLS: dict[str, Callable[[], None]] = {**answering.CONTROLS}
