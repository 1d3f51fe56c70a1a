"""The rows on the life of a report: written, frozen, approved, released, many at once."""

from __future__ import annotations

from tests.proof.row import Proof

LIFE = "tests/services/test_report_life.py"

ROWS: tuple[Proof, ...] = (
    Proof(
        "rebuild",
        "50 released reports made again after the data and the outline changed",
        "the same sha256 for each of 1,100 files",
        ("tests/proof/reports/test_rebuild.py",),
        off="stored_document",
    ),
    Proof(
        "responsive",
        "A page while two PDFs are made in a loop, over HTTP",
        "at most twice its usual time",
        ("tests/proof/reports/test_responsive.py",),
        off="printers",
    ),
    Proof(
        "batch-kill",
        "The server is killed (-9) three times while it makes all briefs of a cycle",
        "every brief once in one zip",
        ("tests/proof/reports/test_batch_kill.py", "tests/services/test_report_batches.py"),
        off="leases_that_run_out",
    ),
    Proof(
        "approval",
        "Whoever wrote in a report approves it: its author, a co-author, a reader, a stranger",
        "refused; somebody else approves",
        (f"{LIFE}::test_whoever_wrote_in_it_never_approves", f"{LIFE}::test_permissions"),
        off="another_approves",
    ),
    Proof(
        "release-language",
        "A text that is there in one language only",
        "released in that language, and in no other",
        (f"{LIFE}::test_a_language_is_released_only_when_its_texts_are_there",),
        off="text_in_both_languages",
    ),
    Proof(
        "unseen",
        "A report whose findings the company has not seen",
        "not released without the approver's reason",
        (f"{LIFE}::test_an_unseen_report_needs_the_approvers_reason", "tests/web/test_reports.py::test_the_whole_path"),
        off="unseen_reason",
    ),
    Proof(
        "withdrawn",
        "A withdrawn and a superseded report, on the page and in the name of its file",
        "both say so, with the reason",
        ("tests/web/test_reports.py::test_the_whole_path", f"{LIFE}::test_the_whole_life"),
        off="not_in_force",
    ),
    Proof(
        "download-log",
        "Who took which edition in which language and format",
        "one row and one audit event each",
        (f"{LIFE}::test_downloads_are_written_down",),
        off="download_log",
    ),
    Proof(
        "handling",
        "Marking, releasable or not, and the distribution list in every format, edition and language of a released report",
        "printed and in the frozen facts",
        ("tests/services/test_report_own.py::test_how_it_is_handled_is_printed_and_frozen",),
        off="handling_in_facts",
    ),
    Proof(
        "own-feedback",
        "A company fetches feedback: its own and another's, a draft, one with findings that were not shared",
        "only what was released to it; each download logged on both sides",
        (
            "tests/services/test_report_own.py::test_only_what_was_released_to_it",
            "tests/services/test_report_own.py::test_findings_that_were_not_shared_stay_unseen",
            "tests/services/test_report_own.py::test_who_fetched_it_is_written_down_on_both_sides",
            "tests/web/test_report_starts.py::test_a_company_reads_and_fetches_its_feedback",
        ),
        off="released_to_it",
    ),
    Proof(
        "starts",
        "Each kind is begun from the pages; wrong choices are said beside their field; readers and companies begin none",
        "every kind; refused with its reason",
        ("tests/services/test_report_starting.py", "tests/web/test_report_starts.py"),
        off="who_begins",
    ),
    Proof(
        "report-texts",
        "Two officials write the same text; a text is too long; the report is submitted meanwhile; a gap goes away",
        "nothing typed is lost",
        (
            "tests/web/test_reports.py::test_nothing_typed_is_lost",
            f"{LIFE}::test_colleagues_do_not_overwrite_each_other",
            f"{LIFE}::test_edits_outlive_the_gap",
        ),
        off="text_version",
    ),
)
