"""The rows of the group `review`."""

from __future__ import annotations

from tests.proof.row import Proof

ROWS: tuple[Proof, ...] = (
    Proof(
        "exchange-model",
        "2,000 runs of up to 30 acts over two companies and two cycles: save, submit, ask, return, reply, find, share, "
        "conclude, commit, verify, reopen, days that pass",
        "the database equals the model; no sealed submission's sha256 ever changes",
        ("tests/proof/review/test_model.py",),
        off="open_questions",
    ),
    Proof(
        "exchange-projection",
        "After every run of the model, and after the clock moved 400 days, the results are built again from scratch",
        "0 rows differ",
        ("tests/proof/review/test_model.py",),
        off="commitment_days",
    ),
    Proof(
        "state-act-role",
        "Every act of the exchange in every state by every role, through the use cases",
        "only the listed triples pass",
        ("tests/proof/review/test_table.py",),
        off="state_conditions",
    ),
    Proof(
        "two-reviewers",
        "Six reviewers save one finding at once; a finding is typed while the state moves",
        "no acknowledged save lost; both texts shown; what was refused stands on the page",
        ("tests/proof/review/test_two_reviewers.py",),
        off="finding_version",
    ),
    Proof(
        "hand-made-clarification",
        "While an assessment is returned every question is sent to by hand, by every role of the company",
        "only the answer that a question names opens",
        ("tests/proof/review/test_hand_made.py",),
        off="open_questions",
    ),
    Proof(
        "denominators",
        "One applicable answer is missing; others are not applicable or cannot be said; a company says nothing",
        "the missing one is in every count; never 100 %; no reply is said and not taken for consent",
        ("tests/proof/review/test_denominators.py",),
        off="unknown_counts",
    ),
    Proof(
        "exchange-pages",
        "Clarification, right of reply, register, commitments and meetings on pages, both sides, both languages",
        "what the other side must not see yet is not on its pages",
        ("tests/web/test_exchange.py",),
        off="unsent_is_hidden",
    ),
)
