"""The form of one question. It keeps everything that was typed; the rules in `domain` decide what may be saved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
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

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, MetricEntry, Problem, Reason, Status
from compliance.domain.documents import DocumentRef
from compliance.services.answers import QuestionPage
from compliance.web.documents.forms import UploadFields
from compliance.web.fields import DayField, NumberField, clean, whole_number

EVIDENCE_LIMIT = 20


class EvidenceForm(Form):
    id = HiddenField(filters=[clean])
    document = SelectField(_("Document"), validate_choice=False, choices=[], default="")
    grade = SelectField(_("Kind of evidence"), validate_choice=False, choices=[], default="")
    address = StringField(_("Address of the page"), filters=[clean])
    description = StringField(_("What it shows"), filters=[clean])
    effective_on = DayField(_("In force from (optional)"))
    expires_on = DayField(_("Valid until (optional)"))

    @property
    def is_blank(self) -> bool:
        """Nothing was entered: the spare row of the list, or one that was emptied to remove it."""
        days = self.effective_on.typed | self.expires_on.typed
        texts = (self.grade.data, self.address.data, self.description.data, self.document.data)
        return not (any(texts) or any(days.values()))

    def entry(self) -> EvidenceEntry:
        return EvidenceEntry(
            grade=_grade(self.grade.data),
            address=self.address.data or "",
            description=self.description.data or "",
            effective_on=self.effective_on.data,
            expires_on=self.expires_on.data,
            document=DocumentRef(self.document.data[:64]) if self.document.data else None,
            id=whole_number(self.id.data) or None,
        )


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
        days = self.period_start.typed | self.period_end.typed
        texts = (self.value.data, self.geography.data, self.method.data, self.not_collected_reason.data)
        return not (any(texts) or any(days.values()))

    def entry(self) -> MetricEntry:
        """The number without its unit, which is the metric's and is put in by the rules."""
        return MetricEntry(
            metric_id=(self.metric_id.data or "")[:100],
            value=self.value.number,
            period_start=self.period_start.data,
            period_end=self.period_end.data,
            geography=self.geography.data or "",
            method=self.method.data or "",
            not_collected_reason=self.not_collected_reason.data or "",
        )


class AnswerForm(UploadFields, FlaskForm):  # type: ignore[misc]  # the base is untyped
    status = RadioField(_("Your answer"), validate_choice=False, choices=[])
    surfaces = SelectMultipleField(_("Where is it in place?"), validate_choice=False, choices=[])
    explanation = TextAreaField(_("Explanation"), filters=[clean])
    planned_on = DayField(_("Planned for"))
    reason = RadioField(_("Why you cannot say"), validate_choice=False, choices=[])
    reason_text = StringField(_("Reason"), filters=[clean])
    evidence = FieldList(FormField(EvidenceForm), max_entries=EVIDENCE_LIMIT)
    metrics = FieldList(FormField(MetricForm))
    version = HiddenField(default="0", filters=[clean])
    key = HiddenField(filters=[clean])

    def entry(self) -> AnswerEntry:
        """What was typed, as the rules know it. What could not be read is empty here; the field has the error."""
        return AnswerEntry(
            status=_status(self.status.data),
            surfaces=tuple(self.surfaces.data or ()),
            explanation=self.explanation.data or "",
            planned_on=self.planned_on.data,
            reason=Reason(self.reason.data) if self.reason.data in set(Reason) else None,
            reason_text=self.reason_text.data or "",
            evidence=tuple(item.form.entry() for item in self.kept_evidence),
            metrics=tuple(item.form.entry() for item in self.kept_metrics),
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
    entry = page.entry
    if entry is None:
        return {}
    return {
        "status": entry.status.value,
        "surfaces": list(entry.surfaces),
        "explanation": entry.explanation,
        "planned_on": entry.planned_on,
        "reason": entry.reason.value if entry.reason else None,
        "reason_text": entry.reason_text,
        "evidence": [
            {
                "grade": item.grade.value,
                "address": item.address,
                "description": item.description,
                "effective_on": item.effective_on,
                "expires_on": item.expires_on,
                "document": item.document.sha256 if item.document else "",
                "id": str(item.id or ""),
            }
            for item in entry.evidence
        ],
        "metrics": [
            {
                "metric_id": item.metric_id,
                "value": "" if item.value is None else format(item.value.normalize(), "f"),
                "period_start": item.period_start,
                "period_end": item.period_end,
                "geography": item.geography,
                "method": item.method,
                "not_collected_reason": item.not_collected_reason,
            }
            for item in entry.metrics
        ],
    }


def _status(value: str | None) -> Status:
    return Status(value) if value in set(Status) else Status.UNANSWERED


def _grade(value: str | None) -> Grade:
    return Grade(value) if value in set(Grade) else Grade.NONE
