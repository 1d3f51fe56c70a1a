"""Why two numbers do not compare, in the language of the page."""

from __future__ import annotations

from flask_babel import gettext as _

from compliance.domain.comparing import Mismatch


def mismatch_words() -> dict[Mismatch, str]:
    """A word for each reason."""
    return {
        Mismatch.NO_NUMBER: _("no number"),
        Mismatch.METRIC: _("another number is asked"),
        Mismatch.UNIT: _("another unit, or one that is not known here"),
        Mismatch.PERIOD: _("a period of another length, or none given"),
        Mismatch.GEOGRAPHY: _("another geography"),
        Mismatch.SERVICE: _("another service"),
        Mismatch.METHOD: _("counted by another method"),
    }
