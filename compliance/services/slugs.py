"""A slug from a name: what stands for a record in addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

LIMIT: Final = 60


def free_slug(name: str, taken: Collection[str], *, otherwise: str) -> str:
    """The slug of `name`, with a number when it is taken; `otherwise` for a name without a letter or figure of ASCII."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LIMIT].rstrip("-") or otherwise
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base[: LIMIT - len(str(number)) - 1].rstrip('-')}-{number}"
    return slug
