"""Long work that must be done in the process of the site is done by one thread at a time.

Reading the facts of a report is tens of milliseconds of the interpreter. Whoever asks for a page competes with one such
thread then, however many people ask for reports.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_TURN: Final = threading.Lock()


@contextmanager
def in_turn() -> Iterator[None]:
    """Wait for the turn, and give it on. Nothing that waits for a printer or for a person belongs inside."""
    with _TURN:
        yield
