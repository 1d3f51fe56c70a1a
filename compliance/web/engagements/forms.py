"""The form of a meeting with a company."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, HiddenField, SelectField, StringField, TextAreaField

from compliance.domain.engagements import ASKS_LIMIT, Ask, EngagementEntry, Outcome
from compliance.web.fields import DayField, clean


class AskForm(Form):
    text = TextAreaField(_("What was asked"), filters=[clean])
    question = SelectField(_("About (optional)"), validate_choice=False, choices=[], default="")
    answer = TextAreaField(_("What was answered"), filters=[clean])
    outcome = SelectField(_("Outcome"), validate_choice=False, choices=[], default="")

    @property
    def is_blank(self) -> bool:
        return not (self.text.data or self.answer.data or self.outcome.data or self.question.data)

    def entry(self) -> Ask:
        """`question` is "service/indicator", or "/indicator" for one asked once of the company."""
        service, _slash, indicator = (self.question.data or "").partition("/")
        return Ask(
            text=self.text.data or "",
            answer=self.answer.data or "",
            outcome=Outcome(self.outcome.data) if self.outcome.data in set(Outcome) else None,
            question=(service or None, indicator) if indicator else None,
        )


class EngagementForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    held_on = DayField(_("Date of the meeting"))
    met = TextAreaField(_("Who met, on both sides"), filters=[clean])
    brief_used = StringField(_("Brief used"), filters=[clean])
    asks = FieldList(FormField(AskForm), max_entries=ASKS_LIMIT)
    summary = TextAreaField(_("What else came up"), filters=[clean])
    follow_up = TextAreaField(_("What is to be followed up"), filters=[clean])
    follow_up_on = DayField(_("Follow up on"))
    followed_up_on = DayField(_("Followed up on (once done)"))
    version = HiddenField(default="0", filters=[clean])
    key = HiddenField(filters=[clean])

    def entry(self) -> EngagementEntry:
        return EngagementEntry(
            held_on=self.held_on.data,
            met=self.met.data or "",
            brief_used=self.brief_used.data or "",
            summary=self.summary.data or "",
            follow_up_on=self.follow_up_on.data,
            follow_up=self.follow_up.data or "",
            followed_up_on=self.followed_up_on.data,
            asks=tuple(item.form.entry() for item in self.kept),
        )

    @property
    def kept(self) -> list[Any]:
        """The asks that hold something, in their order."""
        return [item for item in self.asks.entries if not item.form.is_blank]

    def row_of(self, number: int) -> int:
        """The place on the page of the ask that the rules call `number`."""
        return int(self.asks.entries.index(self.kept[number]))

    def unreadable(self) -> bool:
        """Is there a day that cannot be read? Its error is put beside it."""
        days = [field for field in (self.held_on, self.follow_up_on, self.followed_up_on) if field.process_errors]
        for field in days:
            field.errors = list(field.process_errors)
        return bool(days)
