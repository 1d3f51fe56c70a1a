"""The rows of the group `assessment`."""

from __future__ import annotations

from tests.proof.row import Proof

# --- files: documents and workbooks ---
FILES: tuple[Proof, ...] = (
    Proof(
        "workbook-damaged",
        "At least 500 damaged workbooks (bytes, XML, parts, DTD, bombs, cell values) in a process of 512 MB",
        "0 crashes, 0 hangs, at most 3 s each, at least 100 refused by validation with sheet and cell",
        ("tests/proof/assessment/test_damaged_workbooks.py",),
        off="package_checks",
    ),
    Proof(
        "workbook-kill",
        "An import of 10,000 answers is killed (SIGKILL) in the middle, ten times",
        "all of it or nothing, each time",
        ("tests/proof/assessment/test_import_kill.py",),
        off="one_transaction",
    ),
    Proof(
        "workbook-round-trip",
        "What comes back in a workbook is what typing on line would have made; the same file again changes nothing",
        "every field exact, conflicts only on purpose, refused cells write nothing, both engines",
        ("tests/services/test_workbooks.py", "tests/web/test_workbooks.py", "tests/cli/test_assessments.py"),
        off="workbook_versions",
    ),
    Proof(
        "exports-no-formula",
        "Every text column of the workbook, the draft and the sealed copy, opened and saved by LibreOffice",
        "0 formulas from texts that begin with = + - @ tab CR or full-width forms; the text comes back exactly",
        ("tests/proof/assessment/test_formulas.py",),
        off="text_cells",
        needs="soffice",
    ),
    Proof(
        "uploads-hostile",
        "More than 40 hostile uploads: polyglots, double endings, HTML, SVG, macros, bombs, ../ names, the test virus",
        "refused with the reason, or kept under a random name and handed out as an attachment only",
        ("tests/files/test_kinds.py", "tests/web/test_documents.py"),
        off="document_kinds",
    ),
    Proof(
        "uploads-scanned",
        "With ClamAV set up, what it finds is refused, and nothing is taken while it does not answer",
        "refused in both cases",
        ("tests/services/test_documents.py", "tests/files/test_store.py"),
        off="scanner_verdict",
    ),
    Proof(
        "documents-sealed-only",
        "A government has the documents of a sealed submission shared with it, and no other; each is in its trail",
        "drafts, unnamed documents and other countries: not found",
        ("tests/services/test_documents.py",),
        off="sealed_documents",
    ),
    Proof(
        "documents-set-aside",
        "A document that was set aside is handed to nobody and cannot be chosen or uploaded again",
        "company, government, command line",
        ("tests/services/test_documents.py", "tests/cli/test_documents.py"),
        off="quarantine",
    ),
    Proof(
        "documents-s3",
        "Documents in an S3 bucket (`rclone serve s3`): kept, handed out, and a clear refusal when the server is gone",
        "the same content; refused within a minute",
        ("tests/proof/assessment/test_s3.py",),
        off="store_writes",
    ),
    Proof(
        "papers-marked",
        "Questionnaire and draft carry their marking on each page, as PDF and spreadsheet, in both languages",
        "BLANK, DRAFT; VIERGE, ÉBAUCHE",
        ("tests/web/test_workbooks.py",),
        off="draft_marking",
    ),
)

ROWS: tuple[Proof, ...] = (*FILES,)
