"""The checks of our own turn red when what they guard is broken."""

import json
from pathlib import Path

import pytest

from tools import contrast, locks


def test_palette_is_right_and_a_pale_colour_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert contrast.main() == 0
    pale = tmp_path / "_palette.scss"
    pale.write_text(contrast.PALETTE.read_text(encoding="utf-8").replace("$ink: #13272e", "$ink: #93a7ae"))
    monkeypatch.setattr(contrast, "PALETTE", pale)
    assert contrast.main() == 1


def test_black_on_white_is_21() -> None:
    assert contrast.ratio("000000", "ffffff") == pytest.approx(21)


def test_locks_are_right_and_an_address_or_a_missing_hash_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert locks.check() == 0
    lock = json.loads(locks.NODE_LOCK.read_text(encoding="utf-8"))
    bad = tmp_path / "package-lock.json"
    monkeypatch.setattr(locks, "NODE_LOCK", bad)
    sass = lock["packages"]["node_modules/sass"]
    bad.write_text(json.dumps(lock | {"packages": {"node_modules/sass": sass | {"resolved": "https://x.example/s"}}}))
    assert locks.check() == 1
    del sass["integrity"]
    bad.write_text(json.dumps(lock))
    assert locks.check() == 1
