"""The controls behind what is in a report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.proof.off import replace


def pdf_standards() -> None:
    from compliance.reporting import pdf

    replace(pdf, "STANDARDS", ("1.7",))


def word_keeps_notes() -> None:
    from compliance.reporting import docx
    from compliance.reporting.document import Note

    honest = docx._Words.block
    replace(docx._Words, "block", lambda self, block: "" if isinstance(block, Note) else honest(self, block))


def all_rows() -> None:
    """A spreadsheet that forgets the last row of each table."""
    from compliance.reporting import data_files, tables

    honest = tables.fact_tables

    def shorter(facts: Any, language: Any) -> Any:
        made = honest(facts, language)
        for table in made:
            del table.rows[-1:]
        return made

    replace(data_files, "fact_tables", shorter)


def own_language() -> None:
    from compliance.reporting.outline import Entry

    replace(Entry, "spoken", lambda self, _language: {key: words["en"] for key, words in self.sentences.items()})


def stored_looks() -> None:
    from compliance.reporting import stored

    honest = stored._load

    def load(value: Any, hint: Any) -> Any:
        if isinstance(value, dict) and "look" in value:
            value = {**value, "look": "plain"}
        return honest(value, hint)

    replace(stored, "_load", load)


def word_headings() -> None:
    from compliance.reporting import docx

    honest = docx._paragraph

    def paragraph(inner: str, style: str = "Normal", properties: str = "") -> str:
        return honest(inner, "Normal" if style.startswith("Heading") else style, properties)

    replace(docx, "_paragraph", paragraph)


def escaping() -> None:
    from compliance.reporting import docx

    replace(docx, "escape", lambda text: text.replace("&", "&amp;").replace("<w:t>", ""))


def redaction() -> None:
    from compliance.services.report.facts import editions

    replace(editions, "is_withheld", lambda _entry: False)


def suppression_audit() -> None:
    from compliance.reporting import suppression

    replace(suppression, "determined", lambda _table, _hidden: [])


CONTROLS: dict[str, Callable[[], None]] = {
    "pdf_standards": pdf_standards,
    "word_keeps_notes": word_keeps_notes,
    "all_rows": all_rows,
    "own_language": own_language,
    "stored_looks": stored_looks,
    "word_headings": word_headings,
    "escaping": escaping,
    "redaction": redaction,
    "suppression_audit": suppression_audit,
}
