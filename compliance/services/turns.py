"""Long work is done in turns, so that a page that somebody else asks for does not wait for it.

Reading the facts of a report is tens of milliseconds of the interpreter in the process of the site, whatever printers
do beside it. One thread at a time reads facts, and as many reports are under way, facts and printing together, as there
are printers: a page competes with one thread at most, and with none while a printer is at work.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from compliance.reporting.press import PRINTERS

_FACTS: Final = threading.Lock()
_UNDER_WAY: Final = threading.BoundedSemaphore(PRINTERS)


@contextmanager
def in_turn() -> Iterator[None]:
    """Around reading facts. Nothing that waits for a printer or for a person belongs inside."""
    with _FACTS:
        yield


@contextmanager
def under_way() -> Iterator[None]:
    """Around a report that somebody waits for, from reading its facts to its last page."""
    with _UNDER_WAY:
        yield
