"""The words of these files (reports/answers.yaml), in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from compliance.domain.text import Text

FILE: Final = "answers.yaml"


class Words:
    """Words by their path, such as "columns.status"."""

    def __init__(self, texts: Mapping[str, Text]) -> None:
        self._texts = texts

    def text(self, path: str) -> Text:
        return self._texts[path]

    def say(self, path: str, language: str, **values: object) -> str:
        """The words at `path` with {names} filled in; what is filled in is never read as a pattern."""
        said = self._texts[path].get(language)
        return said.format(**values) if values else said

    def under(self, path: str) -> dict[str, Text]:
        """The words below `path` by their last step, in the order of the file."""
        return {key.removeprefix(f"{path}."): text for key, text in self._texts.items() if key.startswith(f"{path}.")}


@cache
def load_words(folder: Path) -> Words:
    """The words in the product's `reports/`. Raises ValueError, naming the file, for one without both languages."""
    data = yaml.safe_load((folder / FILE).read_text(encoding="utf-8"))
    texts: dict[str, Text] = {}
    _gather(data, "", texts)
    return Words(texts)


def _gather(node: Any, path: str, texts: dict[str, Text]) -> None:
    if isinstance(node, dict) and set(node) == {"en", "fr"} and all(isinstance(v, str) for v in node.values()):
        texts[path] = Text(node["en"], node["fr"])
    elif isinstance(node, dict):
        for key, value in node.items():
            _gather(value, f"{path}.{key}" if path else str(key), texts)
    elif isinstance(node, list):
        for number, value in enumerate(node):
            _gather(value, f"{path}.{number}", texts)
    else:
        raise ValueError(f"{FILE}: {path} needs a text in English (en) and in French (fr)")
