"""The filters of the portfolio as they stand in the address: the same words on every page of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from compliance.domain.assessments import Participation
from compliance.domain.results import Change
from compliance.services.account.organisations import COUNTRIES
from compliance.services.portfolio.portfolio import Which
from compliance.web.fields import clean

NAMES: Final = ("q", "participation", "lead", "principle", "worst", "change", "shared")
#: The changes that one looks for in a list.
CHANGES: Final = (Change.WORSE, Change.BETTER, Change.NO_LONGER_ANSWERED, Change.NOW_STATED, Change.NEW, Change.GONE)
LEADS: Final = tuple(COUNTRIES)
_LONGEST: Final = 100


def which_from(args: Mapping[str, str]) -> Which:
    """The filter that an address asks for; a word that is none is left out, and then nothing is filtered by it."""
    asked = filters_of(args)
    return Which(
        name=asked["q"],
        participation=Participation(asked["participation"]) if asked["participation"] in set(Participation) else None,
        lead=asked["lead"] if asked["lead"] in COUNTRIES else "",
        principle=asked["principle"],
        worst=asked["worst"],
        change=asked["change"] if asked["change"] in set(CHANGES) else "",
        shared=bool(asked["shared"]),
    )


def filters_of(args: Mapping[str, str]) -> dict[str, str]:
    """The filters in an address, each as text; empty where there is none."""
    return {name: clean(args.get(name, ""))[:_LONGEST] for name in NAMES}
