"""Words of reports for states that no framework names (reports/words.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from compliance.reporting.facts import Label


@cache
def load_words(folder: Path) -> Mapping[str, Mapping[str, Label]]:
    """By group (commitment, outcome, stance) and id. Raises ValueError, naming the file, when they cannot be read."""
    return {
        group: {
            item["id"]: {"id": item["id"], "word": {"en": item["en"], "fr": item["fr"]}}
            for item in _checked(items, group)
        }
        for group, items in _read(folder / "words.yaml").items()
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ValueError(f"{path.name}: cannot be read ({type(error).__name__})") from error
    if not isinstance(data, dict):
        raise ValueError(f"{path.name}: must be a mapping of groups to words")  # noqa: TRY004 - a fault of the file
    return data


def _checked(items: Any, group: str) -> list[dict[str, str]]:
    if not isinstance(items, list) or any(
        not isinstance(item, dict) or {"id", "en", "fr"} - set(item) for item in items
    ):
        raise ValueError(f"{group}: each word needs id, en and fr")
    return items
