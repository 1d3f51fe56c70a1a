"""The workbook: taken away, brought back, looked at, saved."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from compliance.domain.answers import Problem
from compliance.domain.documents import shown_name
from compliance.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor, Permission, allows
from compliance.domain.text import Language
from compliance.domain.workbook import Fault, Place, Row
from compliance.domain.workbook_reading import Vocabulary, rows_of
from compliance.files.workbooks import BadWorkbook, read_workbook
from compliance.reporting.answers import load_words, render_workbook
from compliance.services import audit, records
from compliance.services.assessment import taking
from compliance.services.assessment.assessments import open_questions, own, profiles_in
from compliance.services.assessment.importing import Plan, Scene, carry_out, plan_of, require_open, scene_of
from compliance.services.transaction import reading, writing
from compliance.storage.models import Assessment, PendingWorkbook
from compliance.storage.queries import assessments, workbooks


def workbook(actor: Actor, cycle_slug: str, language: Language, reports: Path, *, now: dt.datetime) -> bytes:
    """The own company's answers as one workbook to fill in. Raises NotAllowed where they come in several."""
    taken = taking.draft(actor, cycle_slug, "workbook", now=now)
    if taking.parts_for(len(taken.services)) > 1:
        raise NotAllowed("there are too many services for one workbook: take the parts from the page, or .json")
    return render_workbook(taken, load_words(reports), language)


@dataclass(frozen=True, slots=True)
class Desk:
    """The page of the workbook: the assessment, and whether answers are taken."""

    assessment: Assessment
    editable: bool
    parts: int  # a company with many services gets several workbooks
    waiting: PendingWorkbook | None


def desk(actor: Actor, cycle_slug: str) -> Desk:
    """What the page of the workbook shows."""
    session = reading()
    assessment = own(session, actor, cycle_slug)
    open_ = open_questions(session, assessment)
    record = records.of_own(assessment, open_, next(iter(open_), None))
    editable = allows(actor, Permission.ANSWER_EDIT, record)
    waiting = workbooks.pending(session, assessment.id, actor.user_id) if editable else None
    services = profiles_in(session, assessment, assessments.services_of(session, assessment.company_id))
    return Desk(assessment, editable, taking.parts_for(len(services)), waiting)


def bring(actor: Actor, cycle_slug: str, name: str, content: bytes, reports: Path, *, now: dt.datetime) -> None:
    """Take a workbook in, to be looked at before it is saved. Raises Invalid when it is none of this assessment's.

    Nothing of it is an answer yet; the workbook that waited before is forgotten.
    """
    with writing() as session:
        assessment = own(session, actor, cycle_slug)
        scene = scene_of(session, actor, assessment, now)
        require_open(session, actor, scene)
        read_rows(scene, content, reports)
        row = workbooks.pending(session, assessment.id, actor.user_id)
        if row is None:
            row = PendingWorkbook(assessment_id=assessment.id, user_id=actor.user_id)
            session.add(row)
        row.content, row.name, row.uploaded_at = content, shown_name(name), now
        row.sha256 = hashlib.sha256(content).hexdigest()
        session.flush()
        after = {"name": row.name, "sha256": row.sha256}
        subject, company = f"assessment:{assessment.id}", assessment.company_id
        audit.record(session, actor, "workbook.upload", subject, now=now, organisation_id=company, after=after)


@dataclass(frozen=True, slots=True)
class Preview:
    assessment: Assessment
    name: str
    plan: Plan


def preview(actor: Actor, cycle_slug: str, reports: Path, *, now: dt.datetime) -> Preview:
    """What the person's waiting workbook would do. Raises NotFound when none waits."""
    session = reading()
    assessment = own(session, actor, cycle_slug)
    scene = scene_of(session, actor, assessment, now)
    row = _pending(session, actor, assessment)
    return Preview(assessment, row.name, plan_of(scene, *read_rows(scene, row.content, reports)))


def save(actor: Actor, cycle_slug: str, fingerprint: str, reports: Path, *, overwrite: bool, now: dt.datetime) -> int:
    """Save what the waiting workbook says: every change in one transaction, or none; how many answers were saved.

    `fingerprint` is that of the preview: when something changed since, Conflict is raised and nothing is written.
    """
    with writing() as session:
        assessment = own(session, actor, cycle_slug)
        scene = scene_of(session, actor, assessment, now)
        row = _pending(session, actor, assessment)
        plan = plan_of(scene, *read_rows(scene, row.content, reports))
        if plan.fingerprint != fingerprint:
            raise Conflict(0)
        key = f"workbook-{row.sha256[:32]}"
        saved = carry_out(session, actor, scene, plan, key=key, overwrite=overwrite, now=now)
        session.delete(row)
    return saved


def discard(actor: Actor, cycle_slug: str) -> None:
    """Forget the waiting workbook."""
    with writing() as session:
        assessment = own(session, actor, cycle_slug)
        row = workbooks.pending(session, assessment.id, actor.user_id)
        if row is not None:
            session.delete(row)


def _pending(session: Session, actor: Actor, assessment: Assessment) -> PendingWorkbook:
    row = workbooks.pending(session, assessment.id, actor.user_id)
    if row is None:
        raise NotFound("no workbook waits")
    return row


def read_rows(scene: Scene, content: bytes, reports: Path) -> tuple[list[Row], list[Fault]]:
    """The rows of a workbook. Raises Invalid when it is not read at all, or belongs to another assessment."""
    try:
        book = read_workbook(content)
    except BadWorkbook as bad:
        raise Invalid([Problem("upload", bad.code, _place_of(bad.place))]) from bad
    refuse_foreign(scene, book.about)
    words = load_words(reports)
    company = words.text("sheets.company")
    names: dict[str, str | None] = {company.en: None, company.fr: None}
    names |= {word: service.slug for service in scene.services for word in (service.slug, service.name)}
    grounds = {id_: (text.en, text.fr) for id_, text in words.under("grounds").items()}
    yes = words.text("yes")
    vocabulary = Vocabulary.of(scene.framework, grounds, (yes.en, yes.fr), names)
    return rows_of(book, vocabulary, scene.framework, scene.entries)


def refuse_foreign(scene: Scene, about: Mapping[str, str]) -> None:
    """Raise Invalid for a file that was made for another company, cycle or framework."""
    assessment = scene.assessment
    if (about.get("company"), about.get("cycle")) != (assessment.company.slug, assessment.cycle.slug):
        raise Invalid([Problem("upload", "workbook_other_assessment")])
    if about.get("framework_sha256") != scene.framework.sha256:
        raise Invalid([Problem("upload", "workbook_other_framework")])


def _place_of(place: Place | None) -> dict[str, str]:
    return {"sheet": place.sheet, "cell": place.cell} if place else {"sheet": "–", "cell": "–"}
