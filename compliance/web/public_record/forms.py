"""The form of a fact from the public record."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError

from compliance.domain.public_record import STATUSES, FactEntry, ServicesScope
from compliance.services.review.public_record import NewRecord
from compliance.web.fields import NumberField, clean
from compliance.web.language import selected


class FactForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Keeps what was typed; the rules in `domain.public_record` decide what may be kept."""

    statement = TextAreaField(_("What the source says, in your own words"), filters=[clean])
    principle = SelectField(_("Principle"), validate_choice=False, choices=[])
    indicator = SelectField(_("Indicator, if one fits"), validate_choice=False, choices=[])
    scope = RadioField(_("What does the source speak of?"), validate_choice=False, choices=[])
    services = SelectMultipleField(_("Services that it names"), validate_choice=False, choices=[])
    services_text = StringField(_("Other services that it names"), filters=[clean])
    status = SelectField(_("Status that it states"), validate_choice=False, choices=[])
    value = NumberField(_("Number that it gives"))
    unit = StringField(_("Unit, as published"), filters=[clean])
    period = StringField(_("Period, as published"), filters=[clean])
    geography = StringField(_("Where, as published"), filters=[clean])
    source_address = StringField(_("Address of the source"), filters=[clean])
    source_date = StringField(_("Date of the source"), filters=[clean])
    key = HiddenField(filters=[clean])

    def validate_scope(self, field: RadioField) -> None:
        """Services beside another choice contradict it; which of the two was meant, nobody can tell."""
        if field.data in (ServicesScope.COMPANY, ServicesScope.NOT_NAMED) and (
            self.services.data or self.services_text.data
        ):
            raise ValidationError(gettext("Services are named below: choose “Services that it names”, or remove them."))

    def validate_status(self, field: SelectField) -> None:
        if field.data and field.data not in STATUSES:
            raise ValidationError(gettext("Choose one of the answers."))

    def entry(self, page: NewRecord) -> FactEntry:
        """What was typed, as the rules know it."""
        ticked = [service.name for service in page.services if service.slug in (self.services.data or ())]
        typed = [" ".join(part.split()) for part in (self.services_text.data or "").split(",")]
        scope = ServicesScope(self.scope.data) if self.scope.data in set(ServicesScope) else None
        names_once = {name.casefold(): name for name in typed if name} | {name.casefold(): name for name in ticked}
        named = tuple(names_once.values()) if scope is ServicesScope.NAMED else ()
        return FactEntry(
            statement=self.statement.data or "",
            principle_id=self.principle.data or "",
            indicator_id=self.indicator.data or None,
            scope=scope,
            services=named,
            services_text=", ".join(named),
            status=next((status for status in STATUSES if status == self.status.data), None),
            value=self.value.number,
            unit=self.unit.data or "",
            period=self.period.data or "",
            geography=self.geography.data or "",
            source_address=self.source_address.data or "",
            source_date=self.source_date.data or "",
            language=selected(),
        )
