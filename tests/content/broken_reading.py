"""Frameworks that cannot be read: files that are missing or strange, and YAML that is not what it seems. See broken.py."""

from __future__ import annotations

import os
from pathlib import Path

from tests.content.broken import Broken, append, do, line_before, replace, write


def _linked_to_itself(version: Path) -> None:
    (version / "units.yaml").unlink()
    (version / "units.yaml").symlink_to("units.yaml")


def _pipe(version: Path) -> None:
    (version / "units.yaml").unlink()
    os.mkfifo(version / "units.yaml")


def _folder_for_file(version: Path) -> None:
    (version / "units.yaml").unlink()
    (version / "units.yaml").mkdir()


def _crowded(version: Path) -> None:
    for number in range(300):
        (version / f"note-{number}.txt").touch()


FILES = (
    Broken(
        "missing file", "1.0/rules.yaml", "the file is missing", do(lambda version: (version / "rules.yaml").unlink())
    ),
    Broken(
        "missing wording",
        "wording.yaml",
        "the file is missing",
        do(lambda version: (version / "../wording.yaml").unlink()),
    ),
    Broken("only comments", "1.0/units.yaml", "the file is empty", write("units.yaml", b"# nothing yet\n")),
    Broken("UTF-16", "1.0/units.yaml", "UTF-16", write("units.yaml", "units: []\n".encode("utf-16"))),
    Broken("link to itself", "1.0/units.yaml", "cannot be read", do(_linked_to_itself)),
    Broken("pipe", "1.0/units.yaml", "is not a regular file", do(_pipe)),
    Broken("folder for a file", "1.0/units.yaml", "is not a regular file", do(_folder_for_file)),
    Broken("crowded folder", "1.0", "more than 200 files", do(_crowded)),
    Broken(
        "other ending",
        "1.0/p02.yml",
        "name the file p02.yaml",
        do(lambda version: (version / "p02.yaml").rename(version / "p02.yml")),
    ),
    Broken("wording within a version", "1.0/wording.yaml", "stands beside", write("wording.yaml", b"sources: []\n")),
)

YAML = (
    Broken(
        "field twice",
        "1.0/p02.yaml",
        'the field "scope" is there twice (first on line 5)',
        replace("p02.yaml", "    name:", "    scope: company\n    name:"),
    ),
    Broken("alias", "1.0/p02.yaml", "&words names a value", replace("p02.yaml", "ask: {", "ask: &words {")),
    Broken(
        "alias of nothing",
        "1.0/p02.yaml",
        "*words repeats another place",
        replace("p02.yaml", "replaces: []", "replaces: *words"),
    ),
    Broken(
        "merge key",
        "1.0/p02.yaml",
        "<< merges another place",
        replace("p02.yaml", "official: false", "<<: {official: false}"),
    ),
    Broken(
        "tag",
        "1.0/p02.yaml",
        "a tag (!) is not used here",
        replace("p02.yaml", "official: false", "official: !!bool false"),
    ),
    Broken(
        "dangerous tag",
        "1.0/p02.yaml",
        "a tag (!) is not used here",
        replace("p02.yaml", "official: false", "official: !!python/object/apply:os.system [ls]"),
    ),
    Broken(
        "unquoted yes",
        "1.0/p02.yaml",
        "yes is read as true or false; put it in quotes",
        replace("p02.yaml", "official: false", "official: yes"),
    ),
    Broken(
        "unquoted Norway",
        "1.0/p02.yaml",
        "no is read as true or false; put it in quotes",
        replace("p02.yaml", "provenance: unverified", "no: unverified"),
    ),
    Broken(
        "unquoted version",
        "1.0/framework.yaml",
        "1.0 is read as a number; put it in quotes",
        replace("framework.yaml", '"1.0"', "1.0"),
    ),
    Broken(
        "unquoted date",
        "1.0/framework.yaml",
        "2026-01-31 is read as a date; put it in quotes",
        replace("framework.yaml", '"1.0"', "2026-01-31"),
    ),
    Broken(
        "number for a text",
        "1.0/framework.yaml",
        "is a number where a text is expected; put it in quotes",
        replace("framework.yaml", "{en: Done, fr: Fait}", "{en: 7, fr: Fait}"),
    ),
    Broken("two documents", "1.0/p02.yaml", "several documents", append("p02.yaml", "---\nprinciple: C2\n")),
    Broken(
        "bracket left open",
        "1.0/p02.yaml",
        "not valid YAML",
        line_before("p02.yaml", "replaces: []", "replaces: [", "official: false"),
    ),
    Broken(
        "colon in a text",
        "1.0/p02.yaml",
        "put a text that holds a colon in quotes",
        append("p02.yaml", "more: one: two\n"),
    ),
    Broken(
        "escaped bell",
        "1.0/p02.yaml",
        "U+0007",
        replace("p02.yaml", "en: The watering plan.", 'en: "The watering\\a plan."'),
    ),
    Broken("writing turned round", "1.0/p02.yaml", "U+202E", replace("p02.yaml", "The watering", "\u202eThe watering")),
    Broken(
        "tab in a text", "1.0/p02.yaml", "holds a tab; use spaces", replace("p02.yaml", "The watering", "The\twatering")
    ),
    Broken(
        "deep",
        "1.0/p02.yaml",
        "nested more than 20 levels deep",
        replace("p02.yaml", "metrics: []", "metrics: " + "[" * 5_000 + "]" * 5_000),
    ),
    Broken(
        "many values",
        "1.0/p02.yaml",
        "more than 20,000 values",
        replace("p02.yaml", "metrics: []", "metrics: [" + "1," * 30_000 + "]"),
    ),
)
