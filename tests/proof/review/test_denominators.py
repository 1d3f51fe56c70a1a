"""Every count shown: unanswered, not applicable, cannot say and no reply are in it or said apart; never 100 %."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from compliance.domain.answers import AnswerEntry, Reason, Status
from compliance.domain.findings import FindingEntry
from compliance.domain.questionnaire import Place, Profile, asked_questions
from compliance.domain.results import Rating
from compliance.domain.saving import Stamp
from compliance.services.cycle import frameworks
from compliance.services.review import findings, replies
from compliance.services.transaction import looking
from compliance.storage.database import db
from compliance.storage.models import Participation, Result, User
from tests.services.exchange_world import DAY, NOW, World, submitted_world
from tests.support import factories as make
from tests.support.audit_client import AuditClient

OF = re.compile(r"(\d+) of (\d+)")


@pytest.fixture
def world(app: Flask) -> World:
    """All questions but one have an answer: in place, not applicable or cannot say, in turn."""
    made = submitted_world()
    framework = frameworks.newest()
    assert framework is not None
    profile = Profile(made.service.slug, made.service.name, frozenset(made.service.functions or ()))
    questions = [q for q in asked_questions(framework, [profile]) if q.indicator.id not in ("P01.a", "P01.b")]
    for number, question in enumerate(questions[:-1]):
        service = made.service if question.service else None
        make.answer(made.assessment, service, question.indicator.id, made.lead, _entry(number, question.indicator))
    from compliance.services.transaction import writing
    from compliance.storage.models import Assessment

    with writing() as session:
        session.get_one(Assessment, made.assessment.id).state = "reopened"
    make.submitted(made.lead, made.cycle, now=NOW)
    return made


def _entry(number: int, indicator: object) -> AnswerEntry:
    offered = indicator.statuses  # type: ignore[attr-defined]
    if number % 4 == 1 and "not_applicable" in offered:
        return AnswerEntry(Status.NOT_APPLICABLE, reason_text="No such thing here.")
    if number % 4 == 2 and "cannot_say" in offered:
        return AnswerEntry(Status.CANNOT_SAY, reason=Reason.CONFIDENTIAL)
    return AnswerEntry(Status.IN_PLACE, explanation=f"This is how we do {indicator.id}.")  # type: ignore[attr-defined]


def text_of(client: AuditClient, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    main = page.text.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def test_no_count_is_full_while_one_answer_is_missing(
    client: AuditClient, world: World, record_property: Callable[[str, object], None]
) -> None:
    with looking() as session:
        rows = session.scalars(select(Result)).all()
    applicable = [row for row in rows if row.severity != "does_not_apply"]
    missing = [row for row in applicable if row.status == "unanswered"]
    assert len(missing) == 1
    assert {"not_applicable", "cannot_say", "in_place", "unanswered"} <= {row.status for row in applicable}
    base, own = f"/companies/{world.company.slug}", f"/assessments/{world.cycle.slug}"
    make.sign_in(client, db.session.get_one(User, world.reviewer.user_id))
    pages = {
        address: text_of(client, address)
        for address in (base, f"{base}/{world.cycle.slug}/review", f"{base}/{world.cycle.slug}/gaps", "/companies")
    }
    brief = text_of(client, f"{base}/{world.cycle.slug}/brief")
    make.sign_in(client, db.session.get_one(User, world.lead.user_id))
    pages |= {address: text_of(client, address) for address in (own, f"{own}/check", "/")}
    for address, text in (*pages.items(), ("brief", brief)):
        assert "100 %" not in text, address
        assert "100%" not in text, address
    # The company as a whole: the counts of the words add up to all that applies, the unanswered one among them.
    total = pages[f"{base}/{world.cycle.slug}/gaps"]
    counted = [(int(n), int(of)) for n, of in OF.findall(total.split("Filter")[0])]
    assert {of for _n, of in counted} == {len(applicable)}
    assert sum(n for n, _of in counted) == len(applicable)
    # By principle, as a grid on the company's page: the totals of the eleven add up to the same.
    grid = {int(of) for _n, of in OF.findall(pages[base])}
    by_principle = Counter(row.principle_id for row in applicable)
    assert grid == set(by_principle.values())
    assert f"0 of {len(rows_asked(rows))} questions have a finding" in pages[f"{base}/{world.cycle.slug}/review"]
    assert f"Answered {len(rows_asked(rows)) - 1} of {len(rows_asked(rows))} Not answered 1" in pages[own]
    assert f"no answer to 1 of {len(applicable)} applicable" in brief
    record_property("result", f"{len(pages) + 1} pages, {len(applicable)} applicable, 1 missing: in every count")


def rows_asked(rows: Sequence[Result]) -> list[Result]:
    """What was asked: outside is only what the service lacks the functions for, or a "not applicable" that was agreed."""
    return [row for row in rows if row.severity != "does_not_apply" or row.status == "not_applicable"]


def test_not_applicable_leaves_the_count_only_when_a_reviewer_agrees(client: AuditClient, world: World) -> None:
    with looking() as session:
        before = len([r for r in session.scalars(select(Result)) if r.severity != "does_not_apply"])
        row = session.scalars(select(Result).where(Result.status == "not_applicable")).first()
    assert row is not None
    assert row.severity == "not_known", "nobody has agreed that it does not apply"
    service = world.service.slug if row.service_id else None
    place = Place(world.cycle.slug, service, row.indicator_id, world.company.slug)
    findings.save_finding(world.reviewer, place, FindingEntry(Rating.AGREE), Stamp(0, ""), now=NOW)
    with looking() as session:
        assert len([r for r in session.scalars(select(Result)) if r.severity != "does_not_apply"]) == before - 1


def test_a_company_that_says_nothing_is_counted_in_everything(client: AuditClient, world: World) -> None:
    silent = make.organisation(name="Silent (fictional)")
    make.participation(world.cycle, silent, "invited")
    make.refresh(world.cycle, silent, now=NOW)
    with looking() as session:
        id_ = session.scalars(select(Participation.id).where(Participation.company_id == silent.id)).one()
        rows = session.scalars(select(Result).where(Result.participation_id == id_)).all()
    assert rows
    assert {row.severity for row in rows} == {"not_known"}
    make.sign_in(client, db.session.get_one(User, world.reviewer.user_id))
    text = text_of(client, f"/companies/{silent.slug}/{world.cycle.slug}/gaps")
    assert f"{len(rows)} of {len(rows)} not known" in text


def test_no_reply_is_said_and_not_counted_as_consent(client: AuditClient, world: World) -> None:
    slug, cycle = world.company.slug, world.cycle.slug
    findings.save_finding(world.reviewer, world.place(), FindingEntry(Rating.PARTLY, "Half."), Stamp(0, ""), now=NOW)
    replies.share(world.reviewer, slug, cycle, NOW.date() + DAY, now=NOW)
    replies.conclude_due(now=NOW + 5 * DAY)
    make.sign_in(client, db.session.get_one(User, world.reviewer.user_id))
    assert "No reply given" in text_of(client, f"/companies/{slug}/{cycle}/review/steps")
    assert "No reply given" in text_of(client, f"/companies/{slug}/{cycle}/brief")
    make.sign_in(client, db.session.get_one(User, world.lead.user_id))
    text = text_of(client, f"/assessments/{cycle}/findings")
    assert "No reply given" in text
    assert "accepts" not in text
