"""The forms of reports. They keep what was typed; `domain.report_texts` decides what may be saved."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from compliance.domain.report_texts import Slot, day_in, text_in
from compliance.domain.text import LANGUAGES
from compliance.services.report.life.batches import Order
from compliance.services.report.life.starting import Wish
from compliance.services.report.life.writing import Handling, TextPage
from compliance.web.fields import DayField, clean
from compliance.web.reports.words import LANGUAGES as IN_LANGUAGE
from compliance.web.reports.words import piece_word


class StampedForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A form that knows which version it was opened on."""

    version = HiddenField(default="0", filters=[clean])
    key = HiddenField(filters=[clean])


class ReasonForm(StampedForm):
    """An act on a report, some with a reason."""

    reason = TextAreaField(_("Reason"), filters=[clean])
    unseen_reason = TextAreaField(
        _("Why is it released although the company has not seen the findings?"), filters=[clean]
    )


class HandlingForm(StampedForm):
    """Marking, releasable or not, and who gets it."""

    marking = RadioField(_("Marking"), validate_choice=False, choices=[])
    releasable = RadioField(_("Fully releasable under access to information"), validate_choice=False, choices=[])
    distribution = TextAreaField(_("Distribution list"), filters=[clean])

    def handling(self) -> Handling:
        lines = [" ".join(line.split()) for line in (self.distribution.data or "").splitlines()]
        return Handling(self.marking.data or "", self.releasable.data == "yes", [line for line in lines if line])


class StartForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Which report to begin."""

    kind = RadioField(_("Kind of report"), validate_choice=False, choices=[])
    cycle = StringField(_("Cycle"), filters=[clean])
    company = StringField(_("Company"), filters=[clean])
    principle = StringField(_("Principle"), filters=[clean])
    edition = RadioField(_("Edition to look at first"), validate_choice=False, choices=[], default="full")
    shown_in = RadioField(_("Language to look at first"), validate_choice=False, choices=[])

    def wish(self) -> Wish:
        """What was chosen."""
        number = self.principle.data or ""
        principle = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else None
        return Wish(
            self.kind.data or "", self.cycle.data or "", self.company.data or "", principle, self.edition.data or ""
        )


class ChoiceForm(StampedForm):
    """Which asks the report makes."""

    indicators = SelectMultipleField(_("Ask for"), validate_choice=False, choices=[])


class BatchForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Which briefs to make."""

    cycle = SelectField(_("Cycle"), validate_choice=False, choices=[])
    edition = RadioField(_("Edition"), validate_choice=False, choices=[], default="full")
    languages = SelectMultipleField(_("Languages"), validate_choice=False, choices=[], default=["en", "fr"])
    layouts = SelectMultipleField(_("Formats"), validate_choice=False, choices=[], default=["pdf"])
    key = HiddenField(filters=[clean])

    def order(self) -> Order:
        """What was chosen, each once and in a fixed order."""
        languages = [language for language in LANGUAGES if language in (self.languages.data or ())]
        layouts = list(dict.fromkeys(self.layouts.data or ()))
        return Order(self.cycle.data or "", self.edition.data or "", languages, layouts)


def stamp_fields(version: int) -> dict[str, str]:
    """The hidden fields of a form that is opened now."""
    return {"version": str(version), "key": request.form.get("key") or secrets.token_hex(8)}


def text_form(page: TextPage) -> Any:
    """The form of one page of texts: each text in English and in French beside each other."""
    members: dict[str, Any] = {}
    given: dict[str, Any] = stamp_fields(page.version)
    for piece in page.slot.pieces:
        if piece.kind == "day":
            members[piece.name] = DayField(piece_word(piece.name))
            given[piece.name] = day_in(page.content, piece.name)
            continue
        for language in LANGUAGES:
            label = f"{piece_word(piece.name)}, {IN_LANGUAGE[language]}"
            members[f"{piece.name}_{language}"] = TextAreaField(label, filters=[clean])
            given[f"{piece.name}_{language}"] = text_in(page.content, piece.name, language)
    return type("TextForm", (StampedForm,), members)(data=given)


def content_of(form: Any, slot: Slot) -> dict[str, Any]:
    """What was typed, as it is stored: without what is empty."""
    content: dict[str, Any] = {}
    for piece in slot.pieces:
        if piece.kind == "day":
            day = form[piece.name].data
            if day:
                content[piece.name] = day.isoformat()
            continue
        both: Mapping[str, str] = {lang: form[f"{piece.name}_{lang}"].data or "" for lang in LANGUAGES}
        if any(both.values()):
            content[piece.name] = dict(both)
    return content
