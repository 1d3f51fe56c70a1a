"""The handling markings a report may carry (reports/markings.yaml)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from compliance.reporting.facts import Marking


@cache
def load_markings(folder: Path) -> dict[str, Marking]:
    """The markings by id, the usual one first. Raises ValueError, naming the file, when they cannot be read."""
    path = folder / "markings.yaml"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {item["id"]: {"id": item["id"], "en": item["en"], "fr": item["fr"]} for item in data["markings"]}
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: each marking needs id, en and fr") from error
