"""A disputed function: government says that a service has, or lacks, what the company's profile says otherwise.

The company's word on its profile stays its own. A dispute decides which questions are asked, so that unticking a
function is no way out of them: until government takes it back, they are asked as if the service had the function.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from compliance.domain.answers import Problem
from compliance.domain.clarifications import QUESTION_LIMIT, ClarificationState, due_problems, reply_problems
from compliance.domain.framework import Framework, Indicator, Scope
from compliance.domain.questionnaire import Profile, asked_questions

Key = tuple[str | None, str]  # service slug (None: once for the company) and indicator id

#: By service slug and function: ask as if the service had it (True), or lacked it (False).
Changes = Mapping[str, Mapping[str, bool]]

#: What government holds against the profile while the company has not come round.
STANDING: Final = frozenset({ClarificationState.OPEN, ClarificationState.UNANSWERED, ClarificationState.ANSWERED})


@dataclass(frozen=True, slots=True)
class DisputeEntry:
    """A dispute as typed: of which service and function, why, and the company's last day to answer."""

    service: str
    function: str
    reason: str
    due_on: dt.date | None


class Dispute(Protocol):
    """What the rules need to know of a stored dispute. `agrees` is None until the company has said."""

    state: str
    function: str
    claims: bool | None  # government says that the service has the function; False: that it lacks it
    agrees: bool | None


def problems_of(entry: DisputeEntry, today: dt.date) -> list[Problem]:
    """What stands in the way of disputing."""
    problems = []
    if not entry.reason.strip():
        problems.append(Problem("reason", "dispute_reason_needed"))
    elif len(entry.reason) > QUESTION_LIMIT:
        problems.append(Problem("reason", "too_long", {"limit": str(QUESTION_LIMIT)}))
    return problems + due_problems("due_on", entry.due_on, today)


def stance_problems(agrees: bool | None, reply: str) -> list[Problem]:
    """The company agrees, or disagrees with reasons."""
    if agrees is None:
        return [Problem("agrees", "dispute_stance_needed")]
    return [] if agrees and not reply.strip() else reply_problems(reply)


def opened(framework: Framework, profiles: Sequence[Profile], slug: str, function: str, claims: bool) -> list[Key]:
    """The questions that follow from a function of one service: those that need it, and those it newly brings.

    Answered ones are among them, also those answered as not applicable. In the order of the framework.
    """
    known = {question.key for question in asked_questions(framework, profiles)}
    with_it = applied(profiles, {slug: {function: True}}, agreed=True)
    return [
        question.key
        for question in asked_questions(framework, with_it)
        if (claims and question.key not in known) or (question.key[0] == slug and _names(question.indicator, function))
    ]


def _names(indicator: Indicator, function: str) -> bool:
    needed = indicator.applies_when
    return indicator.scope is Scope.SERVICE and function in needed.any | needed.all


def applied(profiles: Iterable[Profile], changes: Changes, *, agreed: bool) -> list[Profile]:
    """The profiles by which questions are asked.

    `agreed` False leaves out what the company agreed to lack and has not signed yet: government reads signed copies
    only, and a draft of the company must not show through them.
    """
    return [_changed(profile, changes.get(profile.slug, {}), agreed=agreed) for profile in profiles]


def _changed(profile: Profile, change: Mapping[str, bool], *, agreed: bool) -> Profile:
    if profile.functions is None or not change:
        return profile
    more = {function for function, has in change.items() if has}
    less = {function for function, has in change.items() if not has and agreed}
    return replace(profile, functions=(profile.functions | more) - less)


def changes_of(disputes: Iterable[tuple[str, Dispute]]) -> dict[str, dict[str, bool]]:
    """How disputes, each with its service, change what is asked; later ones of the same function win."""
    found: dict[str, dict[str, bool]] = {}
    for slug, dispute in disputes:
        if dispute.state not in STANDING:
            continue
        settled = dispute.state == ClarificationState.ANSWERED and dispute.agrees
        own = found.setdefault(slug, {})
        own.pop(dispute.function, None)
        if dispute.claims and not settled:
            own[dispute.function] = True
        elif not dispute.claims and dispute.state == ClarificationState.OPEN and dispute.agrees:
            own[dispute.function] = False
    return {slug: own for slug, own in found.items() if own}


def agreed_to(disputes: Iterable[tuple[str, Dispute]]) -> dict[str, dict[str, bool]]:
    """What the company's own profile says differently once it signs: the open disputes that it agrees with."""
    found: dict[str, dict[str, bool]] = {}
    for slug, dispute in disputes:
        if dispute.state == ClarificationState.OPEN and dispute.agrees:
            found.setdefault(slug, {})[dispute.function] = bool(dispute.claims)
    return found
