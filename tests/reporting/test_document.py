"""What a brief says: nothing without a fact, nothing flattering, nothing in the wrong language."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import yaml

from compliance.domain.text import LANGUAGES, Language
from compliance.reporting import FactsError, check_facts, render_html
from compliance.reporting.document import Chart
from compliance.reporting.facts import CompanyBrief
from compliance.reporting.outline import Entry, Outline
from compliance.reporting.voice import Voice
from tests.reporting import factory
from tests.reporting.conftest import REPORTS, STYLES, Build
from tests.reporting.reading import squeezed, text_of_html

each_language = pytest.mark.parametrize("language", LANGUAGES)


def text(facts: CompanyBrief, language: Language, build: Build) -> str:
    return text_of_html(render_html(build(facts, language), STYLES))


def says(what: str, facts: CompanyBrief, build: Build, language: Language = "en") -> bool:
    return squeezed(what) in text(facts, language, build)


def standard_phrases(outline: Outline, language: Language) -> set[str]:
    """The fixed parts of all sentences and headings in `language`, without white space."""
    entries: list[Entry] = [outline.frame, *outline.blocks]
    words = [words for entry in entries for words in entry.sentences.values()]
    words += [entry.heading for entry in entries if entry.heading]
    forms = [form for each in words for form in each[language].values()]
    return {squeezed(part) for form in forms for part in re.split(r"\{\w+\}", form)}


@pytest.mark.parametrize(("language", "other"), [("en", "fr"), ("fr", "en")])
def test_no_standard_sentence_of_the_other_language(
    language: Language, other: Language, outline: Outline, build: Build
) -> None:
    ours, theirs = standard_phrases(outline, language), standard_phrases(outline, other)
    foreign = {phrase for phrase in theirs - ours if len(phrase) > 7}
    said = text(factory.full(), language, build) + text(factory.empty(), language, build)
    found = {phrase for phrase in foreign if phrase in said and not any(phrase in own for own in ours)}
    assert not found


@each_language
def test_every_key_has_a_value_and_every_brace_is_filled(language: Language, build: Build) -> None:
    for facts in (factory.full(), factory.empty(), factory.silent()):
        assert not re.search(r"\{\w*\}", text(facts, language, build))


def test_draft_until_approved(build: Build) -> None:
    facts = factory.full()
    assert says("Draft, not approved yet", facts, build)
    facts["edition"] = {"name": "full", "version": 2, "approved_by": "Grace Approver", "approved_on": "2026-12-01"}
    assert says("Version 2, approved by Grace Approver on 1 December 2026", facts, build)
    assert says("Version 2, approuvée par Grace Approver le 1er décembre 2026", facts, build, "fr")
    assert not says("Draft", facts, build)


def test_what_the_company_has_not_seen_is_said(build: Build) -> None:
    facts = factory.full()
    assert says("has not yet seen this", facts, build)
    facts["seen_by_company"] = True
    assert not says("has not yet seen this", facts, build)


def test_empty_blocks_are_left_out_or_say_so(build: Build) -> None:
    facts = factory.empty()
    for heading in ("Objective", "Public record", "Never answered", "Sources", "Results by principle"):
        assert not says(heading, facts, build)
    assert says("Nothing has been stated or seen.", facts, build)
    assert says("No question has been asked.", facts, build)
    assert not says("No gap was found", facts, build)


def test_silence_is_never_reported_as_no_gap(build: Build) -> None:
    facts = factory.silent()
    assert says("Nothing was answered that could show a gap.", facts, build)
    assert says("no answer to 162 of 162 applicable questions", facts, build)
    assert not says("No gap was found", facts, build)


def test_no_gap_is_said_when_everything_was_answered(build: Build) -> None:
    facts = factory.with_gaps(factory.full(), [])
    facts["participation"]["unanswered"] = 0
    assert text(facts, "en", build).count(squeezed("No gap was found and no question is open.")) == 2
    assert not says("Never answered", facts, build)


def chart(facts: CompanyBrief, build: Build, language: Language = "en") -> Chart:
    return next(block for block in build(facts, language).blocks if isinstance(block, Chart))


def test_nothing_applies_is_said_in_words(build: Build) -> None:
    facts = factory.full()
    assert "Principle 6: Nothing applies." in chart(facts, build).description
    assert "Principe 6\u00a0: Rien ne s'applique." in chart(facts, build, "fr").description
    assert not re.search(r"\b0 of 0\b|100\s*%", render_html(build(facts, "en"), STYLES))


def test_shares_keep_their_denominator(build: Build) -> None:
    facts = factory.full()
    assert "Principle 1: Gap without a plan, 2 of 9, better: 2, worse: 1." in chart(facts, build).description
    assert says("Lumo Stories and Lumo Chat (2 of 3 services)", facts, build)


def test_claims_are_labelled_as_claims(build: Build) -> None:
    said = text(factory.full(), "en", build)
    claimed = said.index(squeezed("Claimed by the company, not confirmed"))
    assert said.index("P07.a") < claimed < said.index("P04.b")


def test_public_record_is_labelled_and_kept_as_published(build: Build) -> None:
    facts = factory.full()
    for what in (
        "From the public record; not the company's own answer",
        "Value as published: 1,470,958 reports",
        "Value as published: 4.25 median minutes",
        "Period: 1 January 2023 – 31 December 2023",
        "Period: second half of 2024",
        "the source does not name the service",
        "whole company",
        "without a date",
        "Entered by Ada Reviewer",
    ):
        assert says(what, facts, build), what
    assert says("Valeur publiée : 1 470 958 reports", facts, build, "fr")
    assert says("datée : juillet 2024", facts, build, "fr")


def test_sources_are_numbered_once_and_referred_to(build: Build) -> None:
    said = text(factory.full(), "en", build)
    assert said.count("https://hotline.example/reports/2023.pdf") == 1
    assert "[3]datedJuly2024" in said


def test_words_of_people_are_never_translated(build: Build) -> None:
    english, french = (text(factory.full(), language, build) for language in LANGUAGES)
    words = squeezed("Nous comparons les images, sauf dans les messages chiffrés de bout en bout.")
    assert f"“{words}”(shortened)(original:French)" in english
    assert f"«{words}»(abrégé)" in french
    assert f"«{words}»(abrégé)(texteoriginal" not in french


def test_french_spaces_do_not_break(build: Build) -> None:
    page = render_html(build(factory.full(), "fr"), STYLES)
    assert "1\u00a0470\u00a0958" in page
    assert "Preuves\u00a0: " in page
    assert "«\u00a0" in page


def test_working_translation_is_not_called_official(build: Build) -> None:
    facts = factory.full()
    assert says("principles 1–8", facts, build)
    assert says("aucun des principes", facts, build, "fr")
    assert says("Les textes français sont provisoires.", facts, build, "fr")
    assert says(facts["framework"]["sha256"], facts, build)


def test_disputed_functions_are_shown_with_what_the_company_says(build: Build) -> None:
    said = "Disputed: government says that the service has Live streaming. The company disagrees."
    assert says(said, factory.full(), build)


def test_dropped_functions_are_shown(build: Build) -> None:
    assert says("No longer stated since the last cycle: Video calls", factory.full(), build)


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda facts: facts.pop("cycle"), "cycle: Missing data"),
        (lambda facts: facts.update(extra=1), "extra: Unknown field"),
        (lambda facts: facts.update(releasable="yes"), "releasable: Not a valid boolean"),
        (lambda facts: facts.update(releasable=1), "releasable: Not a valid boolean"),
        (lambda facts: facts.update(generated_on="24/11/2026"), "generated_on: '24/11/2026' is not a date"),
        (lambda facts: facts["asks"][0].update(by=3), "asks.0.by: Not a valid string"),
        (lambda facts: facts["participation"].update(unanswered=-1), "participation.unanswered: Must be greater"),
        (lambda facts: facts["principles"][2]["text"].pop("fr"), "principles.2.text.fr: Missing data"),
        (lambda facts: facts["gaps"][0]["severity"].update(colour="pink"), "gaps.0.severity.colour: Must be one of"),
        (lambda facts: facts.update(shape="poem"), "shape: 'poem' is not a shape of facts"),
    ],
)
def test_wrong_facts_are_refused_by_name(break_it, message: str) -> None:
    facts = factory.full()
    facts["gaps"][0] = {**facts["gaps"][0], "severity": {**facts["gaps"][0]["severity"]}}
    break_it(facts)
    with pytest.raises(FactsError, match=re.escape(message)):
        check_facts(facts)


def test_facts_survive_a_round_trip() -> None:
    checked = check_facts(factory.full())
    assert checked == factory.full()
    assert check_facts(yaml.safe_load(yaml.safe_dump(checked, sort_keys=False))) == checked


def test_a_brief_of_another_kind_is_refused(outline: Outline) -> None:
    from compliance.reporting import build_document

    with pytest.raises(ValueError, match="an outline of poem cannot show facts of company-brief"):
        build_document(factory.full(), replace(outline, kind="poem"), "en")


@pytest.mark.parametrize(
    ("numbers", "english", "french"),
    [
        ([1], "1", "1"),
        ([1, 2], "1 and 2", "1 et 2"),
        ([1, 2, 3], "1–3", "1–3"),
        ([1, 2, 3, 5], "1–3 and 5", "1–3 et 5"),
        ([1, 2, 5, 6], "1, 2, 5 and 6", "1, 2, 5 et 6"),
        ([1, 3, 4, 5, 9], "1, 3–5 and 9", "1, 3–5 et 9"),
        ([8, 9, 11], "8, 9 and 11", "8, 9 et 11"),
    ],
)
def test_lists_of_numbers(numbers: list[int], english: str, french: str) -> None:
    assert Voice("en", {}).numbers(numbers) == english
    assert Voice("fr", {}).numbers(numbers) == french


@pytest.mark.parametrize(
    ("published", "english", "french"),
    [
        ("2024-07-15", "15\u00a0July 2024", "15\u00a0juillet 2024"),
        ("2024-07-01", "1\u00a0July 2024", "1er\u00a0juillet 2024"),
        ("2024-07", "July 2024", "juillet 2024"),
        ("2024", "2024", "2024"),
        ("2024-13-45", "2024-13-45", "2024-13-45"),
        ("2024-99", "2024-99", "2024-99"),
        ("early 2024", "early 2024", "early 2024"),
    ],
)
def test_dates_stay_as_exact_as_published(published: str, english: str, french: str) -> None:
    assert Voice("en", {}).published_date(published) == english
    assert Voice("fr", {}).published_date(published) == french


def test_the_outline_is_where_the_words_are() -> None:
    """Python holds no prose: neither language's heading stands in the code."""
    data = yaml.safe_load((REPORTS / "company-brief" / "outline.yaml").read_text(encoding="utf-8"))
    code = "".join(path.read_text(encoding="utf-8") for path in (REPORTS.parent / "compliance/reporting").rglob("*.py"))
    strings = " ".join(re.findall(r'"([^"\n]{12,})"', code))
    for item in data["blocks"]:
        for sentence in item.get("sentences", {}).values():
            for spoken in sentence.values():
                if isinstance(spoken, str) and len(spoken) > 20:
                    assert spoken not in strings
