"""What a file is, told from its content."""

from __future__ import annotations

import time

import pytest

from compliance.files.kinds import Refused, kind_of
from tests.files.hostile import HOSTILE
from tests.support import files


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", files.pdf(), "application/pdf"),
        ("A.PDF", files.pdf(), "application/pdf"),
        ("a.docx", files.docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", files.xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.xlsx", files.xlsx(**{"xl/printerSettings/printerSettings1.bin": b"x"}), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.csv", "a;b\n1;é\n".encode("cp1252"), "text/csv"),
        ("a.csv", "a,b\n1,é\n".encode(), "text/csv"),
        ("a.csv", "a\tb\n1\té\n".encode("utf-16"), "text/csv"),
        ("a.txt", b"Une note.\r\nPlus de 3 < 4 mesures.\n", "text/plain"),
    ],
)  # fmt: skip
def test_honest_files_are_what_they_are(name: str, content: bytes, media_type: str) -> None:
    assert kind_of(name, content).media_type == media_type


@pytest.mark.parametrize(("name", "content", "code"), [case for case in HOSTILE if case[2]])
def test_others_are_refused_with_the_reason(name: str, content: bytes, code: str) -> None:
    start = time.monotonic()
    with pytest.raises(Refused) as refused:
        kind_of(name, content)
    assert refused.value.code == code
    assert time.monotonic() - start < 3


def test_there_are_enough_hostile_files() -> None:
    assert len(HOSTILE) >= 40


def test_real_files_of_real_programs_are_taken(tmp_path: object) -> None:
    import io

    import docx
    import xlsxwriter

    word = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("Our policy.")
    made.save(word)
    assert kind_of("a.docx", word.getvalue()).suffix == ".docx"
    sheet = io.BytesIO()
    with xlsxwriter.Workbook(sheet) as book:
        book.add_worksheet().write_string(0, 0, "Our figures")
    assert kind_of("a.xlsx", sheet.getvalue()).suffix == ".xlsx"
