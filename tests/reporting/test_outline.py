"""A fault in an outline is named with its file, its key and the reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from compliance.domain.text import LANGUAGES
from compliance.reporting import (
    SHAPES,
    OutlineError,
    build_document,
    load_outline,
    load_outlines,
    render_html,
)
from compliance.reporting.blocks import BLOCKS
from compliance.reporting.pdf import render_pdf
from tests.reporting import factory
from tests.reporting.conftest import FONTS, REPORTS, STYLES

SOURCE = REPORTS / "company-brief" / "outline.yaml"
Change = Callable[[dict[str, Any]], object]


def written(folder: Path, content: str | bytes) -> Path:
    place = folder / "company-brief"
    place.mkdir()
    raw = content if isinstance(content, bytes) else content.encode()
    (place / "outline.yaml").write_bytes(raw)
    shutil.copy(REPORTS / "phrases.yaml", folder)
    shutil.copy(REPORTS / "markings.yaml", folder)
    return folder


def changed(folder: Path, change: Change) -> Path:
    data = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    change(data)
    return written(folder, yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


def entry(data: dict[str, Any], name: str) -> dict[str, Any]:
    return next(item for item in data["blocks"] if item["block"] == name)


CASES: dict[str, tuple[Change, str]] = {
    "unknown marking": (lambda d: d.update(marking="secret"), "marking: there is no marking 'secret'; there are"),
    "missing French": (lambda d: entry(d, "asks")["heading"].pop("fr"), "blocks.5.heading.fr: is missing"),
    "missing sentence": (lambda d: entry(d, "asks")["sentences"].pop("by"), "blocks.5.sentences.by: is missing"),
    "unknown sentence": (
        lambda d: entry(d, "asks")["sentences"].update(oops={"en": "a", "fr": "b"}),
        "blocks.5.sentences.oops: is not a key that is known here",
    ),
    "empty sentence": (
        lambda d: entry(d, "asks")["sentences"]["by_open"].update(en=" "),
        "blocks.5.sentences.by_open.en: must be a text that is not empty",
    ),
    "placeholder not offered": (
        lambda d: entry(d, "asks")["sentences"]["by"].update(en="By {day}"),
        "blocks.5.sentences.by.en: {day} is not offered here; there is {date}",
    ),
    "placeholder that reaches into values": (
        lambda d: entry(d, "asks")["sentences"]["by"].update(en="{date.__class__}"),
        "blocks.5.sentences.by.en: {date.__class__} is not offered here",
    ),
    "positional placeholder": (
        lambda d: entry(d, "asks")["sentences"]["by"].update(en="{}"),
        "blocks.5.sentences.by.en: {} is not offered here",
    ),
    "format in a placeholder": (
        lambda d: entry(d, "asks")["sentences"]["by"].update(en="{date:>9999999}"),
        "blocks.5.sentences.by.en: {date} is not offered here",
    ),
    "unbalanced brace": (
        lambda d: entry(d, "asks")["sentences"]["by"].update(fr="D'ici {date"),
        "blocks.5.sentences.by.fr: braces do not match",
    ),
    "plural without a count": (
        lambda d: entry(d, "asks")["sentences"]["by"].update(en={"one": "a", "other": "b"}),
        "blocks.5.sentences.by.en: has no {count}",
    ),
    "plural without other": (
        lambda d: d["frame"].update(services_more={"en": {"one": "{names}"}, "fr": "x"}),
        "frame.services_more.en.other: is missing",
    ),
    "unknown block": (
        lambda d: d["blocks"].append({"block": "poem"}),
        f"blocks.{len(yaml.safe_load(SOURCE.read_text(encoding='utf-8'))['blocks'])}.block: there is no block 'poem'",
    ),
    "block twice": (lambda d: d["blocks"].append(d["blocks"][0]), "last_time stands in the outline twice"),
    "condition": (lambda d: entry(d, "asks").update(when="gaps > 3"), "blocks.5.when: is not a key"),
    "omit not a switch": (
        lambda d: entry(d, "asks").update(omit_when_empty="yes"),
        "blocks.5.omit_when_empty: must be true or false",
    ),
    "nothing to say when empty": (
        lambda d: entry(d, "objective").update(omit_when_empty=False),
        "blocks.4.sentences.empty: is missing",
    ),
    "page break without a heading": (lambda d: entry(d, "annex").pop("heading"), "blocks.7.heading: is missing"),
    "no blocks": (lambda d: d.update(blocks=[]), "blocks: must be a list of blocks"),
    "another kind": (lambda d: d.update(kind="progress"), "kind: is 'progress' in a folder named company-brief"),
    "frame is a list": (lambda d: d.update(frame=[]), "frame: must be a mapping of keys to values"),
    "block is a text": (lambda d: d["blocks"].insert(0, "standing"), "blocks.0: must be a mapping"),
    "block is a list": (lambda d: entry(d, "asks").update(block=[]), "blocks.5.block: there is no block []"),
}


@pytest.mark.parametrize(("change", "message"), CASES.values(), ids=CASES)
def test_faults_are_named(change: Change, message: str, tmp_path: Path) -> None:
    with pytest.raises(OutlineError) as error:
        load_outline(changed(tmp_path, change), "company-brief")
    assert message in str(error.value)
    assert str(error.value).startswith(str(tmp_path / "company-brief" / "outline.yaml"))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "outline: must be a mapping"),
        ("- a\n", "outline: must be a mapping"),
        ("kind: [\n", "line 2: "),
        ("kind:\n\tname: x\n", "line 2: "),
        ("kind: a\nkind: b\n", "line 2: 'kind' stands here twice"),
        ("kind: \xe9".encode("latin-1"), "file: is not UTF-8 text"),
        (b"a: " + b"x" * 1_000_001, "file: larger than 1000000 bytes"),
        ("kind: !!python/object/apply:os.system [ls]\n", "line 1: "),
        ("? {a: b}\n: c\n", "line 1: "),
    ],
)
def test_files_that_cannot_be_read(content: str | bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(OutlineError) as error:
        load_outline(written(tmp_path, content), "company-brief")
    assert f"outline.yaml: {message}" in str(error.value)


def test_a_kind_without_a_folder(tmp_path: Path) -> None:
    with pytest.raises(OutlineError, match="file: there is no such file"):
        load_outline(tmp_path, "company-brief")


def test_the_order_and_the_choice_of_blocks_are_the_policy_officers(tmp_path: Path) -> None:
    def shorter(data: dict[str, Any]) -> None:
        data["blocks"] = [entry(data, "gaps"), entry(data, "standing")]
        data["blocks"][0].pop("heading")

    outline = load_outline(changed(tmp_path, shorter), "company-brief")
    document = build_document(factory.full(), outline, "en")
    page = render_html(document, STYLES)
    assert page.index("P01.a") < page.index("Participation")
    assert "What to ask for" not in page
    assert "<h3" not in page  # a level that nothing stands above is lifted
    assert render_pdf(document, STYLES, FONTS)


def test_the_delivered_outlines_use_every_block() -> None:
    kinds = load_outlines(REPORTS)
    assert set(kinds) == set(SHAPES)
    assert {entry.block for outline in kinds.values() for entry in outline.blocks} == set(BLOCKS)


def test_a_new_kind_of_existing_blocks_is_a_folder(tmp_path: Path) -> None:
    """Another shape's name and blocks that fit it: no Python, no registration."""
    folder = changed(tmp_path, lambda d: d.update(blocks=[entry(d, "gaps")]))
    data = yaml.safe_load((folder / "company-brief" / "outline.yaml").read_text(encoding="utf-8"))
    (folder / "gap-list").mkdir()
    data |= {"kind": "gap-list", "shape": "company-brief"}
    (folder / "gap-list" / "outline.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    outline = load_outlines(folder)["gap-list"]
    facts = {**factory.full(), "kind": "gap-list"}
    for language in LANGUAGES:
        assert "P01.a" in render_html(build_document(facts, outline, language), STYLES)


def test_a_block_that_needs_other_facts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutlineError) as error:
        load_outline(changed(tmp_path, lambda d: d["blocks"].append({"block": "heatmap"})), "company-brief")
    assert "needs basis, spread, participations, heatmap, common_gaps, which company-brief does not have" in str(
        error.value
    )
