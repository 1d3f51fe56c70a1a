"""A document brought with the form of a question: kept first, then named as one more piece of evidence."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from compliance.domain.answers import Grade
from compliance.services.assessment import documents
from compliance.web.access import actor
from compliance.web.documents.views import files

if TYPE_CHECKING:
    from compliance.web.questions.forms import AnswerForm


def attach_upload(form: AnswerForm, *, now: dt.datetime) -> None:
    """Keep the file that came with `form` and add a row of evidence that names it. Raises Invalid when refused."""
    kept = documents.upload(actor(), form.given(), files(), now=now)
    row = {"grade": Grade.DOCUMENT_SHOWN.value, "document": kept.sha256, "address": "", "description": ""}
    blank = next((item for item in form.evidence.entries if item.form.is_blank), None)
    if blank is None:
        form.evidence.append_entry(row)
    else:
        blank.form.grade.data, blank.form.document.data = row["grade"], row["document"]
