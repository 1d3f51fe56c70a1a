"""The rows of the group `reports`."""

from __future__ import annotations

from tests.proof.reports import release_rows
from tests.proof.row import Proof

ROWS: tuple[Proof, ...] = (*release_rows.ROWS,)
