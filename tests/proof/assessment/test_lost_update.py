"""Eight writers, 200 rounds each, on the same five answers over HTTP: no accepted save is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.proof.main.test_lost_update import race


def test_no_accepted_save_is_lost_in_200_rounds(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    record_property("result", race(tmp_path, rounds=200))
