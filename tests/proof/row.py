"""What `make prove` shows: one row per promise, the tests that show it, and the control whose absence they notice."""

from __future__ import annotations

from dataclasses import dataclass

SEED = 1

#: The groups, each a folder with `rows.py` and `controls.py`.
NAMES = ("main", "assessment", "review", "reports", "reminders", "security")


@dataclass(frozen=True, slots=True)
class Proof:
    """A promise. `tests` are pytest addresses; with the control `off` switched off the same tests must fail.

    Without `off` the row is a plain figure and `why_no_canary` says why nothing can be switched off. `needs` is a
    program that must be on the machine.
    """

    id: str
    what: str
    target: str
    tests: tuple[str, ...]
    off: str | None = None
    why_no_canary: str | None = None
    needs: str | None = None
