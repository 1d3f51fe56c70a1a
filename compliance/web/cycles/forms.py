"""The forms of a cycle: opening one, inviting more companies, closing it, a date for one company."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from compliance.domain.answers import Problem
from compliance.domain.text import Text
from compliance.services.cycle.cycles import NewCycle
from compliance.web.fields import DayField, clean

CHOICES = ("all", "led", "named")


class CompaniesForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Which companies are invited."""

    choice = RadioField(_("Which companies are invited?"), validate_choice=False, choices=[])
    companies = TextAreaField(_("Short names of the companies"), filters=[clean])

    def slugs(self) -> list[str]:
        """The short names that were typed, one to a line."""
        return [line.strip() for line in (self.companies.data or "").splitlines() if line.strip()]

    def problems(self) -> list[Problem]:
        """Whether a choice was made, and companies named where they are to be."""
        if self.choice.data not in CHOICES:
            return [Problem("choice", "needed")]
        return [Problem("companies", "companies_needed")] if self.choice.data == "named" and not self.slugs() else []


class CycleForm(CompaniesForm):
    """A new cycle."""

    name_en = StringField(_("Name in English"), filters=[clean])
    name_fr = StringField(_("Name in French"), filters=[clean])
    slug = StringField(_("Short name, for addresses"), filters=[clean])
    version = SelectField(_("Questions"), validate_choice=False, choices=[])
    previous = SelectField(_("Cycle to compare with"), validate_choice=False, choices=[])
    period_start = DayField(_("First day that answers are about"))
    period_end = DayField(_("Last day that answers are about"))
    opens_on = DayField(_("Day from which companies answer"))
    due_on = DayField(_("Last day to submit"))

    #: Days that must be there.
    DAYS = ("period_start", "period_end", "opens_on", "due_on")

    def missing(self) -> list[Problem]:
        """The days that were left out, and what is wrong with the choice of companies."""
        empty = [name for name in self.DAYS if self._fields[name].data is None and not self._fields[name].errors]
        return [*self.problems(), *(Problem(name, "date_needed") for name in empty)]

    def new_cycle(self, companies: list[str] | None) -> NewCycle:
        """What was typed, once nothing is missing."""
        framework, _slash, version = (self.version.data or "").partition("/")
        days = {name: self._fields[name].data for name in self.DAYS}
        return NewCycle(
            slug=self.slug.data or "",
            name=Text(self.name_en.data or "", self.name_fr.data or ""),
            framework=framework,
            version=version,
            companies=companies,
            previous=self.previous.data or None,
            **days,
        )


class CloseForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    early = BooleanField(_("Close it although companies may still submit."))


class DateForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    due_on = DayField(_("The company's own last day"))
    reason = TextAreaField(_("Why, for the company to read"), filters=[clean])
    seen = HiddenField()
