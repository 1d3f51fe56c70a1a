"""The order of gaps of a framework, read once from the content folder of this installation."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from compliance.content import load_priority
from compliance.domain.priority import Priority


@lru_cache(maxsize=16)
def priority_for(principles: Path, framework_id: str) -> Priority | None:
    """The order of gaps of a framework; None when its folder is not here or has none.

    Raises ContentError for a file with faults, which `content check` finds before.
    """
    return load_priority(principles / framework_id)
