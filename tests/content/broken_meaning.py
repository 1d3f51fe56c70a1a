"""Frameworks that can be read and still cannot be asked: fields, references, words and rules. See broken.py."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.content.broken import Broken, append, do, line_before, replace, write


def _pinned(version: Path) -> int:
    pin = '- version: "1.0"\n  sha256: "' + "0" * 64 + '"\n  published: "2026-01-31"\n'
    (version.parent / "published.yaml").write_text("# pins\n" + pin, encoding="utf-8")
    return 2


def _earlier_version(version: Path) -> int:
    shutil.copytree(version, version.parent / "0.9")
    replace("../0.9/framework.yaml", '"1.0"', '"0.9"')(version)
    return replace("p01.yaml", "replaces: []", "replaces: [C1.z]")(version)


def _third_principle(version: Path) -> None:
    text = (version / "p02.yaml").read_text(encoding="utf-8")
    (version / "p03.yaml").write_text(text.replace("C2", "C3"), encoding="utf-8")


def _principle_without_file(version: Path) -> int:
    (version / "p02.yaml").unlink()
    text = (version / "../wording.yaml").read_text(encoding="utf-8")
    return text.count("\n", 0, text.index("- id: C2")) + 1


def _silence_last(version: Path) -> int:
    path = version / "rules.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    silent = next(line for line in lines if "id: silent" in line)
    lines.remove(silent)
    last = next(place for place, line in enumerate(lines) if "kind: outside" in line)
    lines.insert(last, silent)
    path.write_text("".join(lines), encoding="utf-8")
    return last + 1


SHAPE = (
    Broken(
        "comma without quotes",
        "1.0/p02.yaml",
        "between { } a text that holds a comma must be in quotes",
        replace("p02.yaml", "{en: Water the plants., fr: ", "{en: Water the plants., fr: Arroser, "),
    ),
    Broken("a list for the file", "1.0/units.yaml", "the file must hold fields", write("units.yaml", b"- one\n")),
    Broken(
        "misspelt field",
        "1.0/p02.yaml",
        "indicators[C2.a].evidence is not a field here; the fields are id, scope",
        replace("p02.yaml", "    ask:", "    evidence: none\n    ask:"),
    ),
    Broken(
        "blank text",
        "1.0/p02.yaml",
        "indicators[C2.a].evidence_hint.en is empty",
        replace("p02.yaml", "en: The watering plan.", 'en: " "'),
    ),
    Broken(
        "no value", "1.0/p02.yaml", "indicators[C2.a].scope is empty", replace("p02.yaml", "scope: company", "scope:")
    ),
    Broken(
        "truth in quotes",
        "1.0/p02.yaml",
        "must be true or false, without quotes",
        replace("p02.yaml", "official: false", 'official: "false"'),
    ),
    Broken(
        "unknown status",
        "1.0/p02.yaml",
        'is "perhaps"; it must be one of in_place',
        replace("p02.yaml", "planned", "perhaps"),
    ),
    Broken("unanswered offered", "1.0/p02.yaml", 'is "unanswered"', replace("p02.yaml", "planned", "unanswered")),
    Broken(
        "status twice",
        "1.0/p02.yaml",
        'lists "partly" twice',
        replace("p02.yaml", "statuses: [in_place,", "statuses: [partly,"),
    ),
    Broken(
        "id with a space",
        "1.0/p02.yaml",
        "must begin with a letter or digit",
        replace("p02.yaml", "- id: C2.a", "- id: C2 a"),
    ),
    Broken(
        "unknown colour",
        "1.0/rules.yaml",
        'is "pink"; it must be one of red',
        replace("rules.yaml", "colour: violet", "colour: pink"),
    ),
    Broken(
        "unknown provenance",
        "1.0/p02.yaml",
        'is "hearsay"',
        replace("p02.yaml", "provenance: unverified", "provenance: hearsay"),
    ),
    Broken(
        "unknown dimension",
        "1.0/rules.yaml",
        "colour is not a field here; the fields are profile, status",
        replace("rules.yaml", "{profile: [", "{colour: [red], profile: ["),
    ),
    Broken(
        "unknown value in the table",
        "1.0/rules.yaml",
        'is "maybe"; it must be one of none, agree',
        replace("rules.yaml", "finding: [none, agree", "finding: [none, maybe"),
    ),
)

MEANING = (
    Broken(
        "name of the framework",
        "1.0/framework.yaml",
        'the folder is called "tiny-charter"',
        replace("framework.yaml", "id: tiny-charter", "id: other"),
    ),
    Broken(
        "name of the version",
        "1.0/framework.yaml",
        'the folder is called "1.0"',
        replace("framework.yaml", 'version: "1.0"', 'version: "1.1"'),
    ),
    Broken(
        "id of another principle",
        "1.0/p02.yaml",
        '"C1.x", but must begin with its principle',
        replace("p02.yaml", "- id: C2.a", "- id: C1.x"),
    ),
    Broken(
        "id of a longer principle",
        "1.0/p02.yaml",
        '"C22.a", but must begin with its principle',
        replace("p02.yaml", "- id: C2.a", "- id: C22.a"),
    ),
    Broken(
        "only capitals differ",
        "1.0/units.yaml",
        '"Litres", which is already used',
        replace("units.yaml", "id: days", "id: Litres"),
    ),
    Broken(
        "metric with an indicator's id",
        "1.0/p01.yaml",
        '"C1.a", which is already used',
        replace("p01.yaml", "- id: C1-m1", "- id: C1.a"),
    ),
    Broken(
        "unknown unit",
        "1.0/p01.yaml",
        '"years", which is no unit; there are litres, days, weeks',
        replace("p01.yaml", "unit: weeks", "unit: years"),
    ),
    Broken(
        "unknown indicator",
        "1.0/p01.yaml",
        '"C1.q", which is no indicator of C1',
        replace("p01.yaml", "indicator: C1.a", "indicator: C1.q"),
    ),
    Broken(
        "unknown surface",
        "1.0/p01.yaml",
        '"roof", which is no surface',
        replace("p01.yaml", "[counter, letterbox]", "[roof]"),
    ),
    Broken(
        "unknown theme", "wording.yaml", '"B", which is no theme', replace("../wording.yaml", "theme: A", "theme: B")
    ),
    Broken(
        "unknown source",
        "wording.yaml",
        '"hearsay", which is no source',
        replace("../wording.yaml", "  provenance: {en: unv", "  source: {en: hearsay}\n  provenance: {en: unv"),
    ),
    Broken(
        "verified nowhere",
        "wording.yaml",
        "source.en must say where",
        line_before(
            "../wording.yaml",
            "official: {en: false, fr: false}\n  provenance: {en: unverified",
            "official: {en: true, fr: false}\n  provenance: {en: verified",
            "provenance: {en: verified",
        ),
    ),
    Broken(
        "verified translation",
        "wording.yaml",
        "only official texts can be verified",
        replace("../wording.yaml", "provenance: {en: unv", "provenance: {en: v"),
    ),
    Broken(
        "function of a surface",
        "1.0/framework.yaml",
        '"roof", which is no function',
        replace("framework.yaml", "functions: [shop]", "functions: [roof]"),
    ),
    Broken(
        "invented reference",
        "1.0/p02.yaml",
        '"rumour", which is no source of wording.yaml',
        replace(
            "p02.yaml",
            "lines_up_with: []",
            "lines_up_with: [{regime: A, reference: B, source: rumour, provenance: verified}]",
        ),
    ),
    Broken("principle without a file", "wording.yaml", 'is "C2", but no file', _principle_without_file),
    Broken("file without a principle", "1.0/p03.yaml", '"C3", which is no principle', do(_third_principle)),
    Broken(
        "scope of a metric",
        "1.0/p01.yaml",
        "C1.a is asked once per service",
        replace("p01.yaml", "scope: service\n    name: {en: Median", "scope: company\n    name: {en: Median"),
    ),
    Broken(
        "duration without seconds",
        "1.0/units.yaml",
        "units[days].seconds is missing",
        replace("units.yaml", "seconds: 86400, ", ""),
    ),
    Broken(
        "seconds of a count",
        "1.0/units.yaml",
        "belongs to a duration only",
        replace("units.yaml", "kind: count,", "kind: count, seconds: 5,"),
    ),
    Broken(
        "word left out",
        "1.0/rules.yaml",
        "grades has no entry for expired",
        line_before("rules.yaml", "  - {id: expired, label: {en: Out of date, fr: Périmé}}\n", "", "grades:"),
    ),
    Broken(
        "word for nothing",
        "1.0/framework.yaml",
        'is "whim", which the product does not know',
        append("framework.yaml", "  - {id: whim, label: {en: Whim, fr: Caprice}}\n"),
    ),
    Broken(
        "unknown severity",
        "1.0/rules.yaml",
        '"hushed", which is no severity',
        replace("rules.yaml", "- severity: silent", "- severity: hushed"),
    ),
    Broken(
        "two severities not known",
        "1.0/rules.yaml",
        "must have exactly one of kind unknown, not 2",
        line_before("rules.yaml", "kind: gap,", "kind: unknown,", "severities:"),
    ),
    Broken("silence rewarded", "1.0/rules.yaml", "severities[silent].kind is unknown and stands after", _silence_last),
    Broken(
        "row never reached",
        "1.0/rules.yaml",
        "decides nothing",
        replace("rules.yaml", "\ngrades:", "  - severity: said\n    when:\n      - {status: [in_place]}\n\ngrades:"),
    ),
    Broken("published and changed", "published.yaml", "published versions are never edited", _pinned),
    Broken(
        "replaces what is still asked",
        "1.0/p01.yaml",
        '"C2.a", which this version still asks',
        replace("p01.yaml", "replaces: []", "replaces: [C2.a]"),
    ),
    Broken("replaces what never was", "1.0/p01.yaml", '"C1.z", which no earlier version has', _earlier_version),
)
