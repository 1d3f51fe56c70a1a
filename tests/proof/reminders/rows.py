"""The rows of the group `reminders`."""

from __future__ import annotations

from tests.proof.row import Proof

ROWS: tuple[Proof, ...] = ()
