"""What a company takes away of its answers: the workbook, the questionnaire, the sealed copy and the receipt."""

from __future__ import annotations

from pathlib import Path

from compliance.domain.text import Language
from compliance.reporting.answers.differences import Difference, differences
from compliance.reporting.answers.papers import answers_paper, receipt_paper
from compliance.reporting.answers.taken import LAYOUTS, Kind, Taken
from compliance.reporting.answers.words import Words, load_words
from compliance.reporting.answers.workbook import render_workbook

__all__ = [
    "LAYOUTS",
    "Difference",
    "Kind",
    "Taken",
    "Words",
    "answers_paper",
    "differences",
    "load_words",
    "receipt_paper",
    "render_taken",
    "render_workbook",
]


def render_taken(taken: Taken, layout: str, language: Language, reports: Path, fonts: Path) -> bytes:
    """A file of `taken` in one of the layouts that LAYOUTS lists for its kind."""
    words = load_words(reports)
    if layout == "xlsx":
        return render_workbook(taken, words, language)
    from compliance.reporting.pdf import render_pdf  # noqa: PLC0415 - a server that prints nothing needs no typesetter

    paper = receipt_paper if taken.kind == "receipt" else answers_paper
    return render_pdf(paper(taken, words, language), reports / "styles", fonts)
