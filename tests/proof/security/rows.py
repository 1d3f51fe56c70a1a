"""The rows of the group `security`."""

from __future__ import annotations

from tests.proof.row import Proof
from tests.proof.security.account_rows import ACCOUNT_ROWS

ROWS: tuple[Proof, ...] = (*ACCOUNT_ROWS,)
