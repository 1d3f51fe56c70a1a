"""A document is written as JSON and read back, and lays out to the same bytes."""

from __future__ import annotations

import json

import pytest

from compliance.domain.text import LANGUAGES, Language
from compliance.reporting import NotADocument, dump_document, load_document, render_html
from compliance.reporting.docx import render_docx
from compliance.reporting.pdf import render_pdf
from tests.reporting import factory
from tests.reporting.conftest import FONTS, STYLES, Build

CASES = {"full": factory.full, "empty": factory.empty, "silent": factory.silent, "hostile": factory.hostile}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("facts", CASES.values(), ids=CASES)
def test_a_stored_document_is_the_same_document(facts, language: Language, build: Build) -> None:
    document = build(facts(), language)
    again = load_document(dump_document(document))
    assert again == document
    assert dump_document(again) == dump_document(document)
    assert render_html(again, STYLES) == render_html(document, STYLES)
    assert render_docx(again, STYLES, FONTS) == render_docx(document, STYLES, FONTS)
    assert render_pdf(again, STYLES, FONTS) == render_pdf(document, STYLES, FONTS)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"language": "en"}', '{"blocks": [{"block": "poem"}]}'])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(NotADocument):
        load_document(text)


def test_a_field_that_is_missing_or_unknown_is_refused(build: Build) -> None:
    data = json.loads(dump_document(build(factory.full(), "en")))
    for changed in ({**data, "poem": 1}, {key: value for key, value in data.items() if key != "title"}):
        with pytest.raises(NotADocument):
            load_document(json.dumps(changed))
