"""What makes a version, and what publishing one does."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from compliance.cli.content import content
from compliance.content import ContentError, check, load, publish
from tests.content.broken import append, copy_of_good, replace

DAY = dt.date(2026, 11, 24)


@pytest.fixture
def version(tmp_path: Path) -> Path:
    return copy_of_good(tmp_path)


def sha256s(version: Path) -> tuple[str, str]:
    loaded = load(version)
    return loaded.sha256, loaded.wording_sha256


def test_comments_order_and_names_of_files_make_no_new_version(version: Path):
    before = sha256s(version)
    append("p02.yaml", "# a note\n")(version)
    replace("p01.yaml", "    scope: service\n", "")(version)
    replace("p01.yaml", "    replaces: []\n", "    replaces: []\n    scope: service\n")(version)
    (version / "p02.yaml").rename(version / "plants.yaml")
    assert sha256s(version) == before


def test_another_question_makes_another_version(version: Path):
    before = sha256s(version)
    replace("p02.yaml", "every week", "every day")(version)
    assert sha256s(version)[0] != before[0]
    assert sha256s(version)[1] == before[1]


@pytest.mark.parametrize("file", ["framework.yaml", "units.yaml", "rules.yaml"])
def test_words_units_and_rules_belong_to_the_version(version: Path, file: str):
    before = sha256s(version)
    replace(file, "label: {en: ", "label: {en: A ")(version)
    assert sha256s(version)[0] != before[0]


def test_a_corrected_official_text_makes_no_new_version(version: Path):
    before = sha256s(version)
    replace("../wording.yaml", "Firms seek to answer", "Firms aim to answer")(version)
    assert sha256s(version)[0] == before[0]
    assert sha256s(version)[1] != before[1]


def test_a_published_version_is_never_edited(version: Path):
    assert load(version).published is None
    publish(version, DAY)
    assert load(version).published == "2026-11-24"
    replace("../wording.yaml", "Firms seek to answer", "Firms aim to answer")(version)
    assert check(version) == []
    replace("p02.yaml", "every week", "every day")(version)
    [fault] = check(version)
    assert fault.file == "published.yaml"
    assert "make a new version folder" in fault.reason


def test_publishing_again_changes_nothing(version: Path):
    publish(version, DAY)
    before = (version / "../published.yaml").read_bytes()
    publish(version, DAY + dt.timedelta(days=1))
    assert (version / "../published.yaml").read_bytes() == before


def test_publishing_keeps_what_is_there(version: Path):
    pins = version / "../published.yaml"
    text = f'# ours\n- version: "0.9"\n  sha256: "{"a" * 64}"\n  published: "2025-01-31" # early'
    pins.write_text(text, encoding="utf-8")
    publish(version, DAY)
    assert pins.read_text(encoding="utf-8").startswith(text + "\n- version:")
    assert load(version).published == "2026-11-24"
    assert [path.name for path in version.parent.iterdir() if path.name.startswith(".")] == []


def test_a_list_that_cannot_be_added_to_is_left_alone(version: Path):
    pins = version / "../published.yaml"
    pins.write_text("[]\n", encoding="utf-8")
    with pytest.raises(ContentError):
        publish(version, DAY)
    assert pins.read_text(encoding="utf-8") == "[]\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("version: x\n", "must be a list"),
        ('- {version: "1.0", sha256: "12ab", published: "2026-01-31"}\n', "64 digits"),
        (f'- {{version: "1.0", sha256: "{"a" * 64}", published: "31 January"}}\n', "must be a day"),
        (f'- {{version: "1.0", sha256: "{"a" * 64}", published: 2026-01-31}}\n', "put it in quotes"),
        (f'- {{version: "2", sha256: "{"a" * 64}", published: "2026-01-31"}}\n' * 2, "listed already"),
    ],
)
def test_pins_are_checked(version: Path, text: str, reason: str):
    (version / "../published.yaml").write_text(text, encoding="utf-8")
    [fault] = check(version)
    assert fault.file == "published.yaml"
    assert reason in fault.reason


def test_a_later_version_may_replace_what_an_earlier_one_had(version: Path):
    later = version.parent / "1.10"
    shutil.copytree(version, later)
    replace("framework.yaml", '"1.0"', '"1.10"')(later)
    replace("p02.yaml", "- id: C2.a", "- id: C2.b")(later)
    replace("p02.yaml", "replaces: []", "replaces: [C2.a]")(later)
    assert check(later) == []
    assert load(later).framework.successors == {"C2.a": "C2.b"}
    shutil.move(later, version.parent / "0.10")
    replace("framework.yaml", '"1.10"', '"0.10"')(version.parent / "0.10")
    assert check(version.parent / "0.10") == [], "without an earlier version there is nothing to compare with"


def test_an_id_has_one_successor(version: Path):
    replace("p01.yaml", "replaces: []", "replaces: [C1.x]")(version)
    replace("p02.yaml", "replaces: []", "replaces: [C1.x]")(version)
    [fault] = check(version)
    assert fault.reason == 'indicators[C2.a].replaces[1] is "C1.x", which C1.a replaces already'


def test_several_faults_are_told_at_once_and_in_order(version: Path):
    replace("p02.yaml", "scope: company", "scope: both")(version)
    replace("p01.yaml", "unit: weeks", "units: weeks")(version)
    assert [(fault.file, fault.line) for fault in check(version)] == [
        ("1.0/p01.yaml", 37),
        ("1.0/p01.yaml", 42),
        ("1.0/p02.yaml", 5),
    ]


def test_the_command_says_what_is_good_and_what_is_not(version: Path):
    bad = version.parent / "0.9"
    shutil.copytree(version, bad)
    result = CliRunner().invoke(content, ["check", str(version), str(bad)])
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 2


def test_the_publish_command(version: Path):
    first = CliRunner().invoke(content, ["publish", str(version)])
    assert first.exit_code == 0
    assert first.output == f"{version} is published; sha256 {load(version).sha256}\n"
    assert "was already published on" in CliRunner().invoke(content, ["publish", str(version)]).output
    replace("p02.yaml", "every week", "every day")(version)
    changed = CliRunner().invoke(content, ["publish", str(version)])
    assert changed.exit_code == 1
    assert "published versions are never edited" in changed.output


def test_very_many_faults_are_cut(version: Path):
    append("units.yaml", "".join(f"  - {{id: u{number}}}\n" for number in range(300)))(version)
    result = CliRunner().invoke(content, ["check", str(version)])
    assert len(result.output.splitlines()) == 201
    assert result.output.splitlines()[-1] == "… and 400 more"
