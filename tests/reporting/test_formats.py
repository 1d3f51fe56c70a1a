"""Page and PDF say the same, in both languages, whatever the facts hold; the PDF is accessible and repeatable."""

from __future__ import annotations

import io
import re
import socket
from collections import Counter
from pathlib import Path

import page as page_checks
import pikepdf
import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.domain.text import LANGUAGES, Language
from compliance.reporting import FontsMissing, render_html
from compliance.reporting.document import Document
from compliance.reporting.facts import CompanyBrief
from compliance.reporting.fonts import load_fonts
from compliance.reporting.pdf import render_pdf
from tests.reporting import factory
from tests.reporting.conftest import FONTS, STYLES, Build, Print
from tests.reporting.pieces import both
from tests.reporting.reading import pages_of_pdf, squeezed, text_of_html, text_of_pdf, with_gaps_shown

LEFT_TO_RIGHT = [0, 1, 2, 5]
ORDINARY = {"full": factory.full, "empty": factory.empty, "silent": factory.silent}
each_language = pytest.mark.parametrize("language", LANGUAGES)


def shown_on_page(document: Document) -> str:
    """The text of the page as a PDF prints it: boxes for what the fonts lack, and the note that counts them."""
    text = text_of_html(render_html(document, STYLES))
    shown = with_gaps_shown(text, load_fonts(FONTS).covered)
    missing = sum(a != b for a, b in zip(text, shown, strict=True))
    everything = repr(document)
    if not missing and all(ord(c) in load_fonts(FONTS).covered for c in everything):
        return shown
    return shown + squeezed(document.not_printable.replace("{number}", "")) if missing else shown


@each_language
@pytest.mark.parametrize("facts", ORDINARY.values(), ids=ORDINARY)
def test_page_and_pdf_say_the_same(facts, language: Language, build: Build, as_pdf: Print) -> None:
    document = build(facts(), language)
    assert text_of_pdf(as_pdf(document)) == text_of_html(render_html(document, STYLES))


@each_language
@pytest.mark.parametrize("place", LEFT_TO_RIGHT)
def test_hostile_text_is_printed_as_text(place: int, language: Language, build: Build, as_pdf: Print) -> None:
    """Markup of any kind, control characters, long words and syllabics come out as they went in."""
    document = build(factory.hostile(same=factory.HOSTILE[place]), language)
    assert text_of_pdf(as_pdf(document)) == shown_on_page(document)


@each_language
def test_a_word_without_end_is_broken_and_complete(language: Language, build: Build, as_pdf: Print) -> None:
    """Rows that run over pages come back in another order, so the characters are counted."""
    document = build(factory.hostile(same="x" * 5_000), language)
    page = text_of_html(render_html(document, STYLES))
    assert Counter(text_of_pdf(as_pdf(document))) == Counter(page)


@each_language
def test_scripts_the_fonts_lack_are_shown_as_boxes_and_counted(language: Language, build: Build, as_pdf: Print) -> None:
    facts = factory.full()
    facts["company"]["name"] = "漢字 👩‍👩‍👧"
    document = build(facts, language)
    pdf = as_pdf(document)
    # The name stands in the title and, on the screen only, in the footer; the printed footer repeats on each page.
    number = 2 * 2
    note = squeezed(document.not_printable.replace("{number}", str(number)))
    assert (
        text_of_pdf(pdf)
        == with_gaps_shown(text_of_html(render_html(document, STYLES)), load_fonts(FONTS).covered) + note
    )


@each_language
def test_arabic_inuktitut_and_emoji_are_printed(language: Language, build: Build, as_pdf: Print) -> None:
    """Right-to-left text comes back in another order, so what is looked for is the note on what could not be shown."""
    facts = factory.full()
    said = "حماية الأطفال على الإنترنت ᐃᓄᒃᑎᑐᑦ 👩‍👩‍👧 🇨🇦 1️⃣ 👍🏽 ❤️"
    facts["company"]["description"] = {"en": said, "fr": said}
    document = build(facts, language)
    note = squeezed(document.not_printable.partition("{number}")[0])
    assert note not in text_of_pdf(as_pdf(document))
    assert all(ord(character) in load_fonts(FONTS).covered for character in "حمᐃ👩🇨👍❤")


def test_a_word_that_is_broken_keeps_what_belongs_together() -> None:
    from compliance.reporting.pdf import _CHUNK

    family, flag, thumb = "👩‍👩‍👧", "🇨🇦", "👍🏽"
    word = (family + flag + thumb) * 20
    chunks = _CHUNK.findall(word)
    assert "".join(chunks) == word
    assert len(chunks) > 1
    assert all(chunk.count("👩") % 2 == 0 and chunk.count("🇨") == chunk.count("🇦") for chunk in chunks)


@each_language
def test_mixed_scripts_do_not_stop_the_export(language: Language, build: Build, as_pdf: Print) -> None:
    document = build(factory.hostile(), language)
    printed = Counter(text_of_pdf(as_pdf(document)))
    wanted = Counter(with_gaps_shown(text_of_html(render_html(document, STYLES)), load_fonts(FONTS).covered))
    ordinary = re.compile(r"[^<>()\[\]\u0590-\u0fff]")  # brackets are mirrored in right-to-left text
    assert not {c: n for c, n in (wanted - printed).items() if ordinary.match(c)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=60))
def test_any_text_can_be_exported(text: str, build: Build, as_pdf: Print) -> None:
    document = build(factory.hostile(same=text), "en")
    assert as_pdf(document).startswith(b"%PDF-")
    assert "<script" not in render_html(document, STYLES)


@each_language
@pytest.mark.parametrize("facts", [factory.full, factory.large, factory.hostile])
def test_marking_and_page_number_stand_on_every_page(facts, language: Language, build: Build, as_pdf: Print) -> None:
    document = build(facts(), language)
    pages = pages_of_pdf(as_pdf(document))
    of = "of" if language == "en" else "sur"
    for number, page in enumerate(pages, 1):
        assert squeezed(document.marking) in squeezed(page)
        assert squeezed(f"Page {number} {of} {len(pages)}") in squeezed(page)


@each_language
def test_first_page_holds_the_asks_and_the_annex_starts_a_page(language: Language, build: Build, as_pdf: Print) -> None:
    pages = pages_of_pdf(as_pdf(build(factory.full(), language)))
    asks, grid = ("What to ask for", "at a glance") if language == "en" else ("Ce qu'il faut demander", "coup d'œil")
    assert squeezed(asks) in squeezed(pages[0])
    assert squeezed(grid) in squeezed(pages[0])
    assert squeezed("Annex") in squeezed(pages[1])[:40]


@each_language
@pytest.mark.parametrize("facts", [*ORDINARY.values(), factory.hostile])
def test_pdf_is_tagged_and_says_what_it_is(facts, language: Language, build: Build, as_pdf: Print) -> None:
    document = build(facts(), language)
    with pikepdf.open(io.BytesIO(as_pdf(document))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == f"{language}-CA"
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        meta = pdf.open_metadata()
        assert meta["pdfuaid:part"] == "1"
        assert document.kind_name in str(meta["dc:title"])
        assert str(pdf.docinfo.CreationDate).startswith("D:20261124")


@each_language
@pytest.mark.parametrize("facts", [*ORDINARY.values(), factory.hostile, factory.large])
def test_pdf_meets_the_accessibility_standard(facts, language: Language, build: Build, as_pdf: Print) -> None:
    report = page_checks.validate_pdf_bytes(as_pdf(build(facts(), language)), profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant
    assert report.rules.total > 100


def test_the_accessibility_checks_can_fail() -> None:
    untagged = typst.compile(b"= Untitled\n", pdf_tags=False, ignore_system_fonts=True)
    assert isinstance(untagged, bytes)
    assert not page_checks.validate_pdf_bytes(untagged, profile="ua1").is_compliant


def test_signs_that_no_font_joins_do_not_stop_the_export(build: Build, as_pdf: Print) -> None:
    """A mark and its bearer may be covered by different fonts only; then marks are shown as boxes."""
    facts = factory.empty()
    facts["company"]["description"] = both("♊\u0e31 □\u033b ∃\u0489", "♊\u0e31 □\u033b ∃\u0489")
    assert as_pdf(build(facts, "en")).startswith(b"%PDF-")


def test_words_in_another_language_are_tagged(build: Build, as_pdf: Print) -> None:
    document = build(factory.full(), "en")
    page = render_html(document, STYLES)
    assert '<span lang="fr" dir="auto">Nous comparons' in page
    assert "(original: French)" in page
    with pikepdf.open(io.BytesIO(as_pdf(document))) as pdf:
        languages = {
            str(operand.get("/Lang", ""))
            for page in pdf.pages
            for instruction in pikepdf.parse_content_stream(page)
            for operand in instruction.operands
            if isinstance(operand, pikepdf.Dictionary)
        }
    assert {"en-CA", "fr"} <= languages


@each_language
def test_the_same_facts_make_the_same_bytes(language: Language, build: Build, as_pdf: Print) -> None:
    first = as_pdf(build(factory.full(), language))
    as_pdf(build(factory.large(5, 20), language))
    assert as_pdf(build(factory.full(), language)) == first


def test_a_broken_address_is_no_link(build: Build) -> None:
    facts = factory.full()
    facts["public_record"][0]["source_address"] = "javascript:alert(1)"
    page = render_html(build(facts, "en"), STYLES)
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page


def test_page_has_no_inline_style_or_script_and_names_its_rows(build: Build) -> None:
    page = render_html(build(factory.full(), "en"), STYLES)
    assert "style=" not in page
    assert "<script" not in page
    assert page.count("<h1") == 1
    assert page.count("<table") == page.count("<caption") > 5
    assert page.count('<th scope="row">') == page.count("<tr>") - page.count("<thead>")
    assert set(re.findall(r"severity--(\w+)", page)) <= {"red", "violet", "amber", "blue", "green", "grey"}


def test_nothing_is_read_but_templates_and_fonts(build: Build, as_pdf: Print, monkeypatch: pytest.MonkeyPatch) -> None:
    """With everything loaded, rendering opens neither a socket nor, from Python, a file."""
    for language in ("en", "fr"):  # the names of months and the like are loaded with the first document
        document = build(factory.hostile(), language)
        as_pdf(document)
        render_html(document, STYLES)

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("something was opened while rendering")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    changed = build(factory.hostile(same='#read("/etc/passwd") {% include "/etc/passwd" %}'), "fr")
    assert as_pdf(changed)
    assert render_html(changed, STYLES)
    assert "root:" not in text_of_pdf(as_pdf(changed))


def test_missing_fonts_are_said_in_one_sentence(build: Build, tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match=r"There are no fonts in .*: run `make assets`\."):
        render_pdf(build(factory.full(), "en"), STYLES, tmp_path / "none")


@each_language
def test_large_reports_are_built(language: Language, build: Build, as_pdf: Print) -> None:
    document = build(factory.large(), language)
    pages = pages_of_pdf(as_pdf(document))
    assert len(pages) > 20
    assert all(len(squeezed(page)) > 60 for page in pages)  # no page is empty but for its header and footer


def test_facts_stay_untouched(build: Build) -> None:
    facts: CompanyBrief = factory.full()
    build(facts, "en")
    assert facts == factory.full()
