"""What stands beside one question for those who answer it: last cycle, hints, notes, who has it, what was asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from compliance.domain.answers import AnswerEntry
from compliance.domain.permissions import Actor, Permission, could_ever
from compliance.domain.plausibility import Hint, hints
from compliance.services.assessment.answers import QuestionPage
from compliance.services.assessment.assessments import assignee, subject_of
from compliance.services.assessment.carrying import last_answer
from compliance.services.assessment.teamwork import colleagues, people_by_subject
from compliance.services.transaction import reading
from compliance.storage.models import AnswerNote, Inquiry, User
from compliance.storage.queries import asking, team


@dataclass(frozen=True, slots=True)
class Beside:
    last: AnswerEntry | None
    hints: Sequence[Hint]
    notes: Sequence[AnswerNote]
    inquiries: Sequence[Inquiry]
    assignee: User | None
    subject: str
    colleagues: Sequence[User]
    elsewhere: int  # on how many other services the same is asked


def beside(actor: Actor, page: QuestionPage) -> Beside:
    """For a question that the person may see: `page` has passed the scope."""
    session = reading()
    question, assessment = page.question, page.assessment
    last = last_answer(session, assessment, page.service_id, question.indicator)
    may_assign = page.editable and could_ever(actor, Permission.WORK_ASSIGN)
    return Beside(
        last=last,
        hints=hints_of(page, page.entry, last),
        notes=team.notes(session, assessment.id, page.service_id, question.indicator.id),
        inquiries=asking.own_inquiries_on(session, actor, assessment.cycle_id, page.service_id, question.indicator.id),
        assignee=assignee(people_by_subject(session, assessment.id), question),
        subject=subject_of(question),
        colleagues=colleagues(session, assessment.company_id) if may_assign else (),
        elsewhere=page.elsewhere,
    )


def hints_of(page: QuestionPage, entry: AnswerEntry | None, last: AnswerEntry | None) -> list[Hint]:
    """What looks odd about the numbers of an answer."""
    if entry is None:
        return []
    cycle = page.assessment.cycle
    periods = {metric.id: metric.period for metric in page.metrics}
    days: tuple[dt.date, dt.date] = (cycle.period_start, cycle.period_end)
    return hints(entry.metrics, last.metrics if last else (), periods, days)
