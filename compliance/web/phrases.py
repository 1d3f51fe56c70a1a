"""What the values of the rules are called on pages of a company: grounds, changes, hints, acts, roles, countries."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from babel import Locale
from flask_babel import gettext as _

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
