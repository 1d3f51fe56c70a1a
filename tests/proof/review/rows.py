"""The rows of the group `review`."""

from __future__ import annotations

from tests.proof.row import Proof

ROWS: tuple[Proof, ...] = (
    Proof(
        "portfolio-many",
        "The portfolio at 100 and at 10,000 companies (`demo load --companies 10000`)",
        "≤ 24 × and ≤ 40 × hello world; heatmap and overview facts ≤ 250 ms; as many statements",
        ("tests/web/test_portfolio.py", "tests/proof/review/test_many.py"),
        off="one_statement",
    ),
    Proof(
        "denominators",
        "Unanswered, not applicable, cannot say and no reply in every count that is shown",
        "all in the denominator; never complete while one applicable answer is missing",
        ("tests/proof/review/test_denominators.py",),
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
