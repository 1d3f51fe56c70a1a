"""The form of one question. It keeps everything that was typed; the rules in `domain` decide what may be saved."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from compliance.domain import plain
from compliance.domain.answers import NUMBERS_LIMIT, AnswerEntry, EvidenceEntry, Grade, MetricEntry, Problem
from compliance.services.assessment.answers import QuestionPage
from compliance.web.documents.forms import DocumentField, UploadFields
from compliance.web.fields import DayField, NumberField, clean, whole_number
from compliance.web.language import selected

EVIDENCE_LIMIT = 20
T = TypeVar("T")


class EvidenceForm(Form):
    id = HiddenField()
    document = DocumentField(_("Document"))
    grade = SelectField(_("Kind of evidence"), validate_choice=False, choices=[], default="")
    address = StringField(_("Address of the page"), filters=[clean])
    description = StringField(_("What it shows"), filters=[clean])
    effective_on = DayField(_("In force from (optional)"))
    expires_on = DayField(_("Valid until (optional)"))

    @property
    def is_blank(self) -> bool:
        """Nothing was entered: the spare row of the list, or one that was emptied to remove it."""
        return _is_blank(self, apart="id")

    def entry(self) -> EvidenceEntry:
        """As typed; a pasted link whose kind was not chosen is a public link."""
        found = replace(_read(EvidenceEntry, self), id=whole_number(str(self.id.data or "")) or None)
        pasted = found.grade is Grade.NONE and bool(found.address) and found.document is None
        return replace(found, grade=Grade.PUBLIC_LINK) if pasted else found


class MetricForm(Form):
    metric_id = HiddenField(filters=[clean])
    value = NumberField(_("Number"))
    period_start = DayField(_("First day of the period"))
    period_end = DayField(_("Last day of the period"))
    geography = StringField(_("Countries covered"), filters=[clean])
    method = StringField(_("How it was counted"), filters=[clean])
    not_collected_reason = StringField(_("If there is no number: why it is not collected"), filters=[clean])

    @property
    def is_blank(self) -> bool:
        return _is_blank(self, apart="metric_id")

    def entry(self) -> MetricEntry:
        """The number without its unit, which is the metric's and is put in by the rules."""
        return _read(MetricEntry, self)


class AnswerForm(UploadFields, FlaskForm):  # type: ignore[misc]  # the base is untyped
    status = RadioField(_("Your answer"), validate_choice=False, choices=[])
    surfaces = SelectMultipleField(_("Where is it in place?"), validate_choice=False, choices=[])
    explanation = TextAreaField(_("Explanation"), filters=[clean])
    planned_on = DayField(_("Planned for"))
    reason = RadioField(_("Why you cannot say"), validate_choice=False, choices=[])
    reason_text = StringField(_("Reason"), filters=[clean])
    claim_ground = RadioField(_("Is this answer confidential?"), validate_choice=False, choices=[])
    claim_reason = StringField(_("Why it is confidential"), filters=[clean])
    sensitive_method = BooleanField(
        _("It describes how detection works, which could help offenders: leave it out of everything published."),
        false_values=("", "false"),
    )
    evidence = FieldList(FormField(EvidenceForm), max_entries=EVIDENCE_LIMIT)
    metrics = FieldList(FormField(MetricForm), max_entries=NUMBERS_LIMIT)
    version = HiddenField(default="0", filters=[clean])
    key = HiddenField(filters=[clean])

    def entry(self) -> AnswerEntry:
        """What was typed, as the rules know it. What could not be read is empty here; the field has the error."""
        return replace(
            _read(AnswerEntry, self),
            evidence=tuple(item.form.entry() for item in self.kept_evidence),
            metrics=tuple(item.form.entry() for item in self.kept_metrics),
            language=selected(),
        )

    @property
    def kept_evidence(self) -> list[Any]:
        return [item for item in self.evidence.entries if not item.form.is_blank]

    @property
    def kept_metrics(self) -> list[Any]:
        return [item for item in self.metrics.entries if not item.form.is_blank]

    def on_page(self, problem: Problem, page: QuestionPage) -> Problem:
        """The problem with the number of its row on the page; the rules number the rows that are not blank.

        A field that the page does not show, which only a tampered form can send, gives a problem of the whole form.
        """
        name, _dot, rest = problem.field.partition(".")
        if name == "surfaces" and not page.surfaces:
            return replace(problem, field="")
        if name not in ("evidence", "metrics"):
            return problem
        number, _dot, field = rest.partition(".")
        rows, kept = (
            (self.evidence.entries, self.kept_evidence)
            if name == "evidence"
            else (self.metrics.entries, self.kept_metrics)
        )
        row = kept[int(number)]
        if name == "metrics" and row.form.metric_id.data not in {metric.id for metric in page.metrics}:
            return replace(problem, field="")
        return replace(problem, field=f"{name}.{rows.index(row)}.{field}")


def form_for(page: QuestionPage, key: str) -> AnswerForm:
    """The form filled from the stored answer, or as it was sent with "add another piece of evidence"."""
    form = AnswerForm(data=_stored(page) | {"version": str(page.version), "key": key})
    if form.is_submitted() and len(form.evidence.entries) < EVIDENCE_LIMIT:
        form.evidence.append_entry()
    complete(form, page)
    return form


def complete(form: AnswerForm, page: QuestionPage) -> None:
    """Give the form a row for each number that is asked, in the order of the framework, and one for evidence."""
    asked = {metric.id for metric in page.metrics}
    form.metrics.entries = [item for item in form.metrics.entries if item.form.metric_id.data in asked]
    known = {item.form.metric_id.data for item in form.metrics.entries}
    for metric in page.metrics:
        if metric.id not in known:
            form.metrics.append_entry({"metric_id": metric.id})
    if not form.evidence.entries:
        form.evidence.append_entry()
    order = {metric.id: place for place, metric in enumerate(page.metrics)}
    form.metrics.entries.sort(key=lambda item: order.get(item.form.metric_id.data or "", len(order)))


def _stored(page: QuestionPage) -> dict[str, Any]:
    """The stored answer as the form takes it: its fields have the names of the answer's."""
    return asdict(page.entry) if page.entry else {}


def _read(kind: type[T], form: Form) -> T:
    """What was typed in the fields that have the names of the fields of `kind`."""
    typed = {name: _typed(field) for name, field in form._fields.items()}
    named = {plain.key_of(field): typed[field.name] for field in plain.fields_of(kind) if field.name in typed}
    return plain.load(kind, named, lenient=True)


def _typed(field: Field) -> Any:
    if isinstance(field, FieldList):
        return ()  # rows are read one by one
    if isinstance(field, DocumentField):
        return field.ref
    return field.number if isinstance(field, NumberField) else field.data


def _is_blank(form: Form, apart: str = "") -> bool:
    fields = [field for name, field in form._fields.items() if name != apart]
    return not any(any(field.typed.values()) if isinstance(field, DayField) else field.data for field in fields)
