"""What `files` adds to the group: documents, workbooks and papers, with the controls that go off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.proof.off import replace
from tests.proof.row import Proof

ROWS: tuple[Proof, ...] = (
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


def package_checks() -> None:
    """Packages are unpacked and parsed as they come."""
    from compliance.files import packages, workbooks

    replace(packages, "_check_list", lambda _entries: None)
    replace(packages, "_declares", lambda _part: False)
    replace(packages, "PART_LIMIT", 2**40)
    replace(packages, "UNPACKED_LIMIT", 2**40)
    replace(workbooks._Walker, "_look", lambda _self, _reference: None)
    replace(workbooks, "_XML_LIMIT", 2**40)


def one_transaction() -> None:
    """An import that saves as it goes: every few hundred answers are committed."""
    from sqlalchemy.orm import Session, object_session

    from compliance.services.assessment import answer_files, importing
    from compliance.storage.database import db

    honest = vars(importing)["fill"]
    done = {"rows": 0}

    def fill(row: Any, entry: Any) -> None:
        honest(row, entry)
        done["rows"] += 1
        session = object_session(row)
        if session is not None and done["rows"] % 300 == 0:
            session.flush()
            session.commit()

    @contextmanager
    def writing() -> Iterator[Session]:
        with Session(db.engine.execution_options(writes=True), expire_on_commit=False) as session:
            yield session
            session.commit()

    replace(importing, "fill", fill)
    replace(answer_files, "writing", writing)


def text_cells() -> None:
    """A writer that guesses what a text means, as spreadsheet libraries do by themselves."""
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

    honest = xlsxwriter.Workbook

    def guessing(out: Any, _options: Any) -> Any:
        return honest(out, {"in_memory": True})

    replace(xlsxwriter, "Workbook", guessing)
    original = Worksheet.write_string

    def write_string(self: Any, row: int, column: int, text: str, *rest: Any) -> Any:
        return (
            self.write_formula(row, column, text, *rest)
            if text.startswith("=")
            else original(self, row, column, text, *rest)
        )

    replace(Worksheet, "write_string", write_string)


def document_kinds() -> None:
    """A file is what its name says."""
    from compliance.files import kinds
    from compliance.services.assessment import documents

    def kind_of(name: str, _content: bytes) -> Any:
        return kinds.KINDS.get(f".{name.rpartition('.')[2]}", kinds.KINDS[".pdf"])

    replace(documents, "kind_of", kind_of)
    replace(kinds, "kind_of", kind_of)


def scanner_verdict() -> None:
    """A scanner that does not answer lets everything through."""
    from compliance.files.scanning import Clamd

    replace(Clamd, "finds", lambda _self, _content: None)


def store_writes() -> None:
    """A store that says yes and keeps nothing."""
    from compliance.files.store import ObjectStore

    replace(ObjectStore, "put", lambda _self, _key, _content: None)


def sealed_documents() -> None:
    """Government may have any document of a company whose submission it sees."""
    from compliance.services.review import shown_documents

    replace(shown_documents, "names", lambda _sealed, _sha256: True)


def workbook_versions() -> None:
    """A workbook that does not know which version of an answer it was made from."""
    import dataclasses

    from compliance.services.assessment import workbooks

    honest = vars(workbooks)["plan_of"]

    def plan_of(scene: Any, rows: Any, faults: Any) -> Any:
        current = [
            dataclasses.replace(row, version=scene.rows[row.key].version if row.key in scene.rows else 0)
            for row in rows
        ]
        return honest(scene, current, faults)

    replace(workbooks, "plan_of", plan_of)


def quarantine() -> None:
    """A document that was set aside is handed out like any other."""
    from compliance.domain.documents import DocumentState
    from compliance.services.assessment import documents

    class Never(str):
        __slots__ = ()

        def __eq__(self, _other: object) -> bool:
            return False

        __hash__ = str.__hash__

    class States:
        CLEAN = DocumentState.CLEAN
        QUARANTINED = Never("quarantined")

    replace(documents, "DocumentState", States)


def draft_marking() -> None:
    """Papers without their marking."""
    from compliance.reporting.answers.words import Words

    honest = Words.say

    def say(self: Words, path: str, language: str, **values: object) -> str:
        return "–" if path.startswith("markings.") else honest(self, path, language, **values)

    replace(Words, "say", say)


CONTROLS: dict[str, Callable[[], None]] = {
    function.__name__: function
    for function in (
        package_checks,
        one_transaction,
        text_cells,
        document_kinds,
        scanner_verdict,
        store_writes,
        sealed_documents,
        workbook_versions,
        quarantine,
        draft_marking,
    )
}
