"""What the values of the rules are called on pages of a company: grounds, changes, hints, acts, roles, countries."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from babel import Locale
from flask_babel import gettext as _
from flask_babel import ngettext

from compliance.domain.answers import Ground
from compliance.domain.carrying import Since
from compliance.domain.permissions import Role
from compliance.domain.plausibility import Hint
from compliance.web.language import selected
from compliance.web.values import day, number


def ground_word(ground: str) -> str:
    """On what ground confidentiality is claimed."""
    words: dict[str, str] = {
        Ground.TRADE_SECRET: _("Trade secret"),
        Ground.COMMERCIAL: _("Commercial, financial, scientific or technical information that we keep confidential"),
        Ground.COMPETITIVE_POSITION: _("Its release would harm our competitive position"),
        Ground.NEGOTIATIONS: _("Its release would interfere with contract negotiations"),
    }
    return words[Ground(ground)]


def since_word(since: str) -> str:
    """What became of a question since the last cycle."""
    words: dict[str, str] = {
        Since.NEW: _("New question"),
        Since.FIRST_ANSWER: _("Answered for the first time"),
        Since.NOT_ANSWERED: _("Answered last time, not yet now"),
        Since.TO_CONFIRM: _("From last cycle, to confirm"),
        Since.CHANGED: _("Changed"),
        Since.SAME: _("Unchanged, confirmed"),
        Since.STILL_OPEN: _("Answered neither time"),
        Since.GONE: _("No longer asked"),
    }
    return words[Since(since)]


def act_word(act: str) -> str:
    """What someone did to an answer."""
    words: dict[str, str] = {
        "answer.save": _("Saved"),
        "answer.confirm": _("Confirmed unchanged"),
        "answer.carry": _("Brought in from the last cycle"),
        "answer.copy": _("Copied from another service"),
    }
    return words.get(act) or str(_("Changed"))


def field_word(name: str) -> str:
    """A part of an answer."""
    words: dict[str, str] = {
        "status": _("Answer"),
        "surfaces": _("Where"),
        "explanation": _("Explanation"),
        "planned_on": _("Planned for"),
        "reason": _("Why you cannot say"),
        "reason_text": _("Reason"),
        "evidence": _("Evidence"),
        "metrics": _("Numbers"),
        "claim_ground": _("Confidentiality"),
        "claim_reason": _("Confidentiality"),
        "sensitive_method": _("Sensitive method"),
    }
    return words.get(name, name)


def role_word(role: str) -> str:
    """A role in a company, and what it means."""
    words: dict[str, str] = {
        Role.CONTRIBUTOR: _("Contributor: answers questions"),
        Role.LEAD: _("Lead: answers, manages the team, signs"),
        Role.VIEWER: _("Viewer, for example legal counsel: reads and writes notes"),
    }
    return words.get(Role(role), role)


def country_word(code: str) -> str:
    """The name of a country in the language of the page."""
    return str(Locale.parse(selected()).territories[code])


def remark_words(code: str, number: int) -> str:
    """What stands out about so many answers, before someone signs."""
    words: dict[str, str] = {
        "faulty": ngettext("%(num)s answer must be put right.", "%(num)s answers must be put right.", number),
        "unanswered": ngettext(
            "%(num)s question that applies is not answered. Government will see it as “not known”.",
            "%(num)s questions that apply are not answered. Government will see them as “not known”.",
            number,
        ),
        "carried": ngettext(
            "%(num)s answer is from last cycle and nobody has confirmed it. Government will see that.",
            "%(num)s answers are from last cycle and nobody has confirmed them. Government will see that.",
            number,
        ),
        "generic": ngettext(
            "%(num)s explanation is empty or the same as another. Government will see it flagged as generic.",
            "%(num)s explanations are empty or the same as others. Government will see them flagged as generic.",
            number,
        ),
        "caution": ngettext(
            "%(num)s answer seems to hold a hash, a list of addresses or a user name. Take such things out.",
            "%(num)s answers seem to hold hashes, lists of addresses or user names. Take such things out.",
            number,
        ),
        "plan_past": ngettext(
            "%(num)s planned date is past. Government will see a gap without a plan.",
            "%(num)s planned dates are past. Government will see gaps without a plan.",
            number,
        ),
        "evidence_expired": ngettext(
            "%(num)s answer has evidence that has run out.",
            "%(num)s answers have evidence that has run out.",
            number,
        ),
        "no_evidence": ngettext(
            "%(num)s measure in place has no evidence. Government will see it as claimed.",
            "%(num)s measures in place have no evidence. Government will see them as claimed.",
            number,
        ),
        "number": ngettext("%(num)s number to look at again.", "%(num)s numbers to look at again.", number),
    }
    return words[code]


def weight_word(weight: str) -> str:
    """How heavy remarks weigh."""
    words: dict[str, str] = {
        "error": _("Errors: they stop the signature"),
        "warning": _("Warnings: what government will see"),
        "hint": _("Hints: leave them if all is right"),
    }
    return words[weight]


def hint_sentence(hint: Hint, metric_name: str) -> str:
    """A hint about a number, as one sentence that does not accuse."""
    details: Mapping[str, object] = {name: _shown(value) for name, value in hint.details.items()} | {
        "name": metric_name
    }
    words: dict[str, str] = {
        "much_more": _("%(name)s: ten times last cycle or more (%(before)s, now %(now)s). Is the unit right?"),
        "much_less": _("%(name)s: a tenth of last cycle or less (%(before)s, now %(now)s). Is the unit right?"),
        "from_or_to_zero": _("%(name)s: one of the two cycles has zero (%(before)s, now %(now)s). Is zero a count?"),
        "exactly_the_same": _("%(name)s: exactly the number of last cycle (%(before)s). Is it a new count?"),
        "not_comparable": _("%(name)s: does not compare with last cycle (%(differences)s). If that is so, leave it."),
        "outside_period": _("%(name)s: the period lies outside the one this cycle asks about (%(start)s to %(end)s)."),
        "other_length": _("%(name)s: the period has %(days)s days where about %(asked)s are asked for."),
    }
    return words[hint.code] % details


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        names = {
            "unit": _("another unit"),
            "period": _("another length of period"),
            "geography": _("other countries"),
            "method": _("another method"),
        }
        return ", ".join(names[name] for name in value)
    if isinstance(value, Decimal | int):
        return number(value)
    return day(value)  # type: ignore[arg-type]  # the third kind of detail is a day
