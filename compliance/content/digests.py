"""What pins a version: the sha256 of what is asked, and apart from it that of the agreed wording."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

#: The parts of a document that make a version. The wording is not one of them: correcting an official text must not
#: make a new version of the questions.
_VERSION_PARTS: Final = ("framework", "principles", "rules", "units")


def version_sha256(document: Mapping[str, Any]) -> str:
    """The sha256 of what is asked. Comments, line breaks, the order of fields and the names of files do not count."""
    return _sha256({part: document[part] for part in _VERSION_PARTS})


def wording_sha256(document: Mapping[str, Any]) -> str:
    """The sha256 of the agreed texts and what is known about them."""
    return _sha256(document["wording"])


def _sha256(value: Any) -> str:
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
