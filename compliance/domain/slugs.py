"""From a name to the short form of it that stands in addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

SLUG_LIMIT: Final = 60


def free_slug(name: str, taken: Collection[str], fallback: str) -> str:
    """A slug for `name` that is not `taken`; `fallback` when the name has no letter of the Latin alphabet."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain)[: SLUG_LIMIT - 4].strip("-") or fallback
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
