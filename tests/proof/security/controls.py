"""The controls that rows of the group `security` switch off, by name."""

from __future__ import annotations

from collections.abc import Callable

from tests.proof.security.account_controls import ACCOUNT_CONTROLS

CONTROLS: dict[str, Callable[[], None]] = {**ACCOUNT_CONTROLS}
