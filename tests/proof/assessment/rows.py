"""The rows of the group `assessment`."""

from __future__ import annotations

from tests.proof.assessment import answering
from tests.proof.row import Proof

ROWS: tuple[Proof, ...] = (*answering.ROWS,)
