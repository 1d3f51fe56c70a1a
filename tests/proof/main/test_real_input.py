"""Sourced facts about four real providers, from a file into an empty database, to a brief as PDF: by the real commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reporting.reading import squeezed, text_of_pdf

ROOT = Path(__file__).resolve().parents[3]
FACTS = ROOT / "tests" / "data" / "public_record_real.json"
PROVIDERS = ("apple", "discord", "google", "snap")
CYCLE = (
    "cycle open real --framework voluntary-principles --version 2026.1 --name-en Trial --name-fr Essai "
    "--period-start 2026-01-01 --period-end 2026-06-30 --opens 2026-07-01 --due 2026-09-30 --all"
)


@pytest.fixture
def flask(tmp_path: Path) -> Callable[..., str]:
    """Runs `flask --app tests.proof.launch …` on a database of its own; a failure shows what was said."""

    def run(*arguments: str) -> str:
        environment = {**os.environ, "INSTANCE": str(tmp_path), "DEMO": "0", "SCHEDULER": "0"}
        for name in ("DATABASE_URL", "MAIL_URL", "BASE_URL", "PORT"):
            environment.pop(name, None)
        command = [sys.executable, "-m", "flask", "--app", "tests.proof.launch:create_app", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("db", "upgrade")
    run("content", "import", "principles/voluntary-principles/2026.1")
    return run


def test_from_the_facts_to_the_briefs(
    flask: Callable[..., str], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    imported = flask("public-record", "import", str(FACTS), "--create", "--lead-country", "CA")
    assert "25 to add, 0 to change, 0 unchanged, 0 refused; written." in imported
    assert "nothing had to be written" in flask("public-record", "import", str(FACTS))
    flask(*CYCLE.split())
    facts = json.loads(FACTS.read_text(encoding="utf-8"))["facts"]
    shown = 0
    for provider in PROVIDERS:
        mine = [fact for fact in facts if fact["provider"].casefold() == provider]
        for language in ("en", "fr"):
            shown += _check(flask, tmp_path, provider, language, mine)
    record_property("result", f"{len(facts)} facts, shown {shown} times in 8 briefs, each with its source")


def _check(
    flask: Callable[..., str], folder: Path, provider: str, language: str, facts: list[dict[str, object]]
) -> int:
    target = folder / f"{provider}-{language}.pdf"
    flask(
        "report", "build", "company-brief", "--cycle", "real", "--company", provider, "--format", "pdf",
        "--lang", language, "--output", str(target),
    )  # fmt: skip
    text = text_of_pdf(target.read_bytes())
    for fact in facts:
        assert squeezed(str(fact["source_url"])) in text, fact["id"]
        assert squeezed(str(fact["indicator_idea"])) in text, fact["id"]
    quotes = [fact for fact in facts if fact.get("quote")]
    assert quotes == []
    _nothing_is_claimed(text, language)
    return len(facts)


def _nothing_is_claimed(text: str, language: str) -> None:
    """No answer, so no strength, no claim, no gap that anybody stated: all of it was never answered."""
    for word in {"en": ("Gapwithoutaplan", "Claimedbythecompany"), "fr": ("Lacunesansplan", "Déclaréparl'entreprise")}[
        language
    ]:
        assert word not in text
    assert {"en": "Notknown", "fr": "Inconnu"}[language] in text
