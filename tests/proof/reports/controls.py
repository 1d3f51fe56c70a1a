"""The controls that rows of the group `reports` switch off, by name."""

from __future__ import annotations

from collections.abc import Callable

CONTROLS: dict[str, Callable[[], None]] = {}
