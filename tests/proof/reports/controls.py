"""The controls that rows of the group `reports` switch off, by name."""

from __future__ import annotations

from collections.abc import Callable

from tests.proof.reports import kind_controls, release_controls

CONTROLS: dict[str, Callable[[], None]] = {**kind_controls.CONTROLS, **release_controls.CONTROLS}
