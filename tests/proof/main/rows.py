"""The rows of the main path: from the principles to a gap report."""

from __future__ import annotations

from tests.proof.row import Proof

ROWS = (
    Proof(
        "content-check",
        "Ten broken frameworks, and more, through the real command: one clear line each, exit 1, no traceback",
        "file, line and reason named for each",
        ("tests/content/test_broken.py",),
        off="content_checks",
    ),
    Proof(
        "other-framework",
        "A different framework in its own folder loads and is answered without code",
        "both frameworks load; the small one is answered on both engines",
        ("tests/content/test_principles.py", "tests/services/test_answers.py"),
        off="other_framework",
    ),
    Proof(
        "decision-table",
        "The decision table decides every combination as the rules say",
        "0 holes in 1,440 combinations; every line right",
        ("tests/domain/test_gap_rules.py",),
        off="decision_row",
    ),
    Proof(
        "lost-update",
        "8 writers, 50 rounds each, on 5 answers over HTTP",
        "0 accepted saves lost; losers see both texts",
        ("tests/proof/main/test_lost_update.py",),
        off="version_check",
    ),
    Proof(
        "kill",
        "The server is killed (-9) ten times while answers are saved",
        "every acknowledged save is there; database and audit chain are whole",
        ("tests/proof/main/test_kill.py",),
        off="commit_before_answer",
    ),
    Proof(
        "bad-input",
        "Hostile and random forms to the question, service, signature and finding pages",
        "never a 500, nothing half saved, what was typed is still there",
        ("tests/proof/main/test_bad_input.py", "tests/web/test_company_path.py"),
        off="validation",
    ),
    Proof(
        "tenant-scope",
        "Every page by every role and by organisations it does not belong to",
        "404 or 403 for all that is not theirs; drafts never shown",
        ("tests/web/test_government_path.py", "tests/web/test_company_path.py", "tests/proof/main/test_matrix.py"),
        off="tenant_scope",
    ),
    Proof(
        "route-list",
        "A route that is not in the access list is closed, and a test says what to do",
        "403",
        ("tests/web/test_access.py",),
        off="route_guard",
    ),
    Proof(
        "projection",
        "The stored results equal a rebuild from scratch",
        "0 rows differ",
        ("tests/demo/test_loading.py", "tests/web/test_government_path.py"),
        off="results_refresh",
    ),
    Proof(
        "one-document",
        "The brief as page and as PDF carries the same text, in English and French, for all demo companies",
        "0 differences; PDF/UA-1; the marking on every page",
        ("tests/proof/main/test_brief.py", "tests/reporting/test_formats.py"),
        off="one_document",
    ),
    Proof(
        "real-input",
        "25 sourced facts on four real providers from a file, into an empty database, to briefs as PDF",
        "each fact with its source; nothing claimed by anybody; all else never answered",
        ("tests/proof/main/test_real_input.py",),
        off="public_records",
    ),
    Proof(
        "reminders",
        "The reminder plan through outages, moved dates, leavers and several workers",
        "each stage once per person; none after submission; both languages",
        ("tests/domain/test_reminders.py", "tests/services/test_reminders.py", "tests/services/test_outbox.py"),
        off="reminder_last_look",
    ),
    Proof(
        "migrations",
        "The newest migration gives the tables of the models, up and down, on both engines",
        "0 differences",
        ("tests/storage/test_migrations.py",),
        off="model_drift",
    ),
    Proof(
        "french",
        "Every text has its French; no English sentence on a French page",
        "0 left over",
        ("tests/web/test_words.py",),
        off="french_words",
    ),
    Proof(
        "browser",
        "Both paths in a real browser, English and French, with and without JavaScript, 320 px, axe",
        "0 violations of WCAG 2.2 AA",
        ("tests/browser",),
        off="page_language",
        needs="chromium",
    ),
    Proof(
        "start",
        "First start, second start, and what stops a start",
        "second start within 10 seconds; one sentence for each refusal",
        ("tests/test_embedded.py",),
        why_no_canary="a figure of the machine; the refusals are tested one by one",
    ),
)
