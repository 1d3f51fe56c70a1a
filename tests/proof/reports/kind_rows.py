"""What is in a report: kinds, formats, editions, small numbers."""

from __future__ import annotations

from tests.proof.row import Proof

FORMATS = "tests/proof/reports/test_formats.py"

ROWS: tuple[Proof, ...] = (
    Proof(
        "report-standards",
        "PDF/UA-1 and PDF/A-3a for every kind, language and edition of companies that strain it; tags, titles, headers, alt texts",
        "0 faults; every table header and every drawing tagged; the facts of the edition attached",
        (f"{FORMATS}::test_every_pdf_meets_both_standards", f"{FORMATS}::test_every_pdf_is_tagged"),
        off="pdf_standards",
    ),
    Proof(
        "report-same-text",
        "Page, PDF and Word file of every report say the same",
        "equal texts",
        (f"{FORMATS}::test_page_pdf_and_word_say_the_same",),
        off="word_keeps_notes",
    ),
    Proof(
        "report-cells",
        "Every cell of every spreadsheet, CSV and JSON is a fact, under a heading in the language of the report",
        "all cells equal, 0 formulas",
        (f"{FORMATS}::test_every_cell_is_a_fact",),
        off="all_rows",
    ),
    Proof(
        "report-languages",
        "No sentence of the English outline in a French report",
        "0 sentences",
        (f"{FORMATS}::test_no_french_report_holds_an_english_sentence",),
        off="own_language",
    ),
    Proof(
        "report-stored",
        "A stored document is laid out again",
        "the same bytes in every format",
        (f"{FORMATS}::test_a_stored_report_is_laid_out_again_to_the_same_bytes",),
        off="stored_looks",
    ),
    Proof(
        "report-office",
        "Word file and spreadsheet open in LibreOffice",
        "converted without repair; headings are found",
        (
            "tests/reporting/test_data_files.py::test_an_office_opens_word_and_spreadsheet",
            "tests/reporting/test_data_files.py::test_word_has_headings_header_rows_and_alternative_texts",
        ),
        off="word_headings",
        needs="soffice",
    ),
    Proof(
        "report-injection",
        "100 payloads in every text field, both languages, every format; system calls watched",
        "printed as text; 0 files and 0 connections",
        ("tests/reporting/test_injection.py", "tests/proof/reports/test_reads_nothing.py"),
        off="escaping",
    ),
    Proof(
        "report-redaction",
        "Redacted editions of companies that differ in withheld answers alone",
        "the same bytes in every format; the number withheld per principle is stated",
        ("tests/proof/reports/test_redaction.py",),
        off="redaction",
    ),
    Proof(
        "report-suppression",
        "An attacker with every published cell and total of 150 random portfolios",
        "0 suppressed cells determined; primary suppression alone is worked out",
        ("tests/proof/reports/test_suppression.py",),
        off="suppression_audit",
    ),
)
