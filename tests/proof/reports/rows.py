"""The rows of the group `reports`."""

from __future__ import annotations

from tests.proof.reports import kind_rows, release_rows
from tests.proof.row import Proof

ROWS: tuple[Proof, ...] = (*kind_rows.ROWS, *release_rows.ROWS)
