"""The rows of the group `security`."""

from __future__ import annotations

from tests.proof.row import Proof

ROWS: tuple[Proof, ...] = (
    Proof(
        "chain",
        "The audit trail is altered, cut, added to, swapped and rewritten by somebody with the rights of the database",
        "1,000 of 1,000 found at the right event; the database itself refuses, on both engines",
        ("tests/proof/security/test_chain.py::test_a_thousand_trials", "tests/services/test_audit_chain.py"),
        off="chain_check",
    ),
    Proof(
        "chain-speed",
        "`audit verify` on a million events",
        "within 10 seconds on two cores",
        ("tests/proof/security/test_chain.py::test_a_million_events",),
        why_no_canary="a figure of the machine; that the check finds what is wrong is the row above",
    ),
)
