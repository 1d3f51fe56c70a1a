"""Which questions are asked of whom: the indicators that apply to a company's services, once each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compliance.domain.framework import Framework, Indicator, Principle, Scope


@dataclass(frozen=True, slots=True)
class Profile:
    """A service and what it can do. `functions` is None when the company never said."""

    slug: str
    name: str
    functions: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Question:
    """An indicator asked of one service, or (service None) once of the company.

    `asked` is False where the service lacks the functions: the pair exists, but nothing is asked.
    """

    principle: Principle
    indicator: Indicator
    service: Profile | None
    asked: bool

    @property
    def key(self) -> tuple[str | None, str]:
        return (self.service.slug if self.service else None, self.indicator.id)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands: cycle and service by slug (service None: asked once for the company), indicator by id.

    `company` is None for the person's own company.
    """

    cycle: str
    service: str | None
    indicator: str
    company: str | None = None

    @property
    def key(self) -> tuple[str | None, str]:
        return (self.service, self.indicator)


def all_questions(framework: Framework, profiles: Sequence[Profile]) -> Iterator[Question]:
    """Every indicator for every service, asked or not, in the order principle, service, indicator.

    A company whose services nobody knows is asked each service indicator once, with no service: not knowing the
    services must not make the questions disappear.
    """
    for principle in framework.principles:
        for indicator in principle.indicators:
            if indicator.scope is Scope.COMPANY:
                yield Question(principle, indicator, None, _asked_of_company(indicator, profiles))
            elif not profiles:
                yield Question(principle, indicator, None, asked=True)
        for profile in profiles:
            for indicator in principle.indicators:
                if indicator.scope is Scope.SERVICE:
                    yield Question(principle, indicator, profile, indicator.applies_to(profile.functions))


def asked_questions(framework: Framework, profiles: Sequence[Profile]) -> list[Question]:
    """The questions a company has to answer. Without services it is asked the company-wide ones only."""
    return [
        question
        for question in all_questions(framework, profiles)
        if question.asked and (question.service is not None or question.indicator.scope is Scope.COMPANY)
    ]


def _asked_of_company(indicator: Indicator, profiles: Sequence[Profile]) -> bool:
    return not profiles or any(indicator.applies_to(profile.functions) for profile in profiles)
