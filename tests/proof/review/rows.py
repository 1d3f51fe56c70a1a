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
        off="denominator",
    ),
    Proof(
        "exchange-pages",
        "Clarification, right of reply, register, commitments and meetings on pages, both sides, both languages",
        "what the other side must not see yet is not on its pages",
        ("tests/web/test_exchange.py",),
        off="unsent_is_hidden",
    ),
    Proof(
        "portfolio-many",
        "The portfolio at 100 and at 10,000 companies (`demo load --companies 10000`)",
        "≤ 24 × and ≤ 40 × hello world; heatmap and overview facts ≤ 250 ms; as many statements",
        ("tests/web/test_portfolio.py", "tests/proof/review/test_many.py"),
        off="one_statement",
    ),
    Proof(
        "portfolio-denominators",
        "Unanswered, not applicable, cannot say and no reply in every count that is shown",
        "all in the denominator; never complete while one applicable answer is missing",
        ("tests/proof/review/test_portfolio_denominators.py",),
        off="denominator",
    ),
    Proof(
        "five-governments",
        "What a government is not trusted with: pages, filters, sums, files, numbers side by side; each sharing logged",
        "nothing of it, and every sum says its basis",
        ("tests/web/test_portfolio.py", "tests/web/test_sharing.py"),
        off="sharing_in_sums",
    ),
    Proof(
        "cycle-for-many",
        "A cycle opened and closed for many companies in one act, with the person who acts, and a date for one company",
        "in every company's trail; reminders, words and reports follow the date",
        ("tests/services/test_setting_up.py", "tests/services/test_due_dates.py", "tests/web/test_cycles.py"),
        off="own_date",
    ),
    Proof(
        "public-record-corrected",
        "A company corrects a fact of the public record with a reason, staff decide",
        "both texts kept; nobody else's facts reached",
        ("tests/web/test_corrections.py",),
        off="own_record",
    ),
    Proof(
        "two-countries",
        "The path in a real browser as company and as two countries' reviewers",
        "0 axe violations; the second country sees what was shared and no more",
        ("tests/browser/test_two_countries.py",),
        off="sharing_in_sums",
        needs="chromium",
    ),
)
