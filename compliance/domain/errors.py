"""What can go wrong in a use case. The web turns each into a page, the command line into a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compliance.domain.answers import Problem


class ProductError(Exception):
    """The base of all expected errors."""


class NotFound(ProductError):
    """There is no such record, or not for this person: both look the same from outside."""


class Denied(ProductError):
    """The person may see the record but not do this with it."""


class NotAllowed(ProductError):
    """The state of the record does not allow the act."""


class Invalid(ProductError):
    """What was entered cannot be saved; `problems` say which field and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.field}: {problem.code}" for problem in problems))
        self.problems = tuple(problems)


class Unavailable(ProductError):
    """A part that the act needs (the store of documents) cannot be reached now."""


class Conflict(ProductError):
    """Someone else saved first; `version` is the one now stored."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version} was saved in the meantime")
        self.version = version
