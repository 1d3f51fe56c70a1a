"""All briefs of a cycle in one act: made by any number of workers, resumed after a kill, one zip."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compliance.domain.errors import Denied, Invalid, NotAllowed, NotFound
from compliance.domain.permissions import Actor
from compliance.reporting import PrintingFailed
from compliance.services.report.life import batch_work, batches
from compliance.services.report.life.batches import Order
from compliance.services.transaction import writing
from compliance.storage.models import (
    AuditEvent,
    Membership,
    ReportBatch,
    ReportBatchFile,
    ReportBatchItem,
    Sharing,
)
from tests.services.report_world import FOLDERS, NOW, World, world
from tests.support import factories as make

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def known(context: Flask) -> World:
    found = world()
    for name in ("Birch", "Cedar", "Dogwood"):
        other = make.organisation(name=name, slug=name.lower())
        make.participation(found.cycle, other)
        make.service(other)
        make.refresh(found.cycle, other, now=NOW)
    foreign = make.organisation(name="Foreign", country="NZ")
    make.participation(found.cycle, foreign)
    make.refresh(found.cycle, foreign, now=NOW)
    return found


def order(known: World, **changed: object) -> Order:
    values = {"cycle": known.cycle.slug, "edition": "full", "languages": ["en", "fr"], "layouts": ["pdf", "json"]}
    return Order(**(values | changed))  # type: ignore[arg-type]


def request(known: World, actor: Actor | None = None, key: str = "k", **changed: object) -> int:
    return batches.request(actor or known.author, order(known, **changed), key, now=NOW)


def run(now: dt.datetime = NOW, limit: int | None = None) -> dict[str, int]:
    return dict(batch_work.make_due(now, FOLDERS, limit=limit, elapsed=lambda: 0))


def opened(known: World, batch_id: int) -> zipfile.ZipFile:
    _, pieces = batches.take_zip(known.author, batch_id, now=NOW)
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def test_every_company_that_is_shared(known: World, session: Session) -> None:
    batch_id = request(known)
    assert request(known) == batch_id, "the same form twice is one batch"
    with pytest.raises(NotAllowed):
        batches.take_zip(known.author, batch_id, now=NOW)
    assert run() == {"made": 4}
    assert run() == {}
    page = batches.batch_page(known.author, batch_id)
    assert (page.made, page.failed, page.total) == (4, 0, 4)
    with opened(known, batch_id) as book:
        assert book.testzip() is None
        names = book.namelist()
        assert len(names) == 4 * 3, "two PDFs, and the facts once"
        assert "draft/birch-fr.pdf" in names
        assert book.read("draft/aster-en.pdf").startswith(b"%PDF-")
    assert not any("foreign" in name for name in names)
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == f"report_batch:{batch_id}"))
    assert sorted(actions) == ["report_batch.download", "report_batch.finish", "report_batch.request"]


def test_the_report_in_force_is_taken_as_it_is_stored(known: World) -> None:
    known.released()
    batch_id = request(known, layouts=["pdf"])
    run()
    with opened(known, batch_id) as book:
        released = [name for name in book.namelist() if name.startswith("released/")]
        assert len(released) == 2
        assert len(book.namelist()) == 8


def test_a_worker_that_dies_leaves_its_reports_to_another(
    known: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = request(known, layouts=["csv"], languages=["en"])
    with monkeypatch.context() as patch:
        patch.setattr(batch_work, "CHUNK", 2)
        assert run(limit=2) == {"made": 2}

        def die(*_args: object, **_kwargs: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(batch_work, "_store", die)
        with pytest.raises(KeyboardInterrupt):
            run(NOW + MINUTE)
    assert run(NOW + 2 * MINUTE) == {}, "the lease still stands"
    assert run(NOW + 10 * MINUTE) == {"made": 2}
    session.rollback()
    assert len(session.scalars(select(ReportBatchFile.id)).all()) == 4, "nothing is made twice"
    assert session.get_one(ReportBatch, batch_id).finished_at is not None


def test_a_lost_lease_keeps_nothing(known: World, session: Session) -> None:
    request(known, layouts=["csv"], languages=["en"])
    claimed, lease_until = batch_work._claim(NOW, batch_work.LEASE)
    made = batch_work._make(claimed, FOLDERS, NOW)
    assert run(NOW + 10 * MINUTE) == {"made": 4}
    assert batch_work._store(made, lease_until, NOW + 11 * MINUTE) == {}
    assert len(session.scalars(select(ReportBatchFile.id)).all()) == 4


def test_whoever_is_not_shared_with_any_more(known: World, session: Session) -> None:
    batch_id = request(known, layouts=["csv"])
    with writing() as other:
        other.execute(update(Sharing).where(Sharing.company_id == known.company.id).values(ended_at=NOW))
    assert run() == {"made": 3, "failed": 1}
    page = batches.batch_page(known.author, batch_id)
    assert [(item.company.name, item.error) for item in page.failures] == [("Aster", "not_shared")]
    with opened(known, batch_id) as book:
        assert book.read("not-made.txt") == b"aster\tnot_shared\n"


def test_who_left_gets_nothing_made(known: World, session: Session) -> None:
    request(known, layouts=["csv"])
    with writing() as other:
        other.execute(update(Membership).where(Membership.user_id == known.author.user_id).values(ended_at=NOW))
    assert run() == {"failed": 4}


def test_what_cannot_be_printed_is_tried_again_and_then_given_up(
    known: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    request(known, layouts=["csv"])

    class Broken:
        printers = 1

        def make(self, job: object) -> None:
            raise PrintingFailed("out of paper")

    monkeypatch.setattr(batch_work, "press_for", lambda _folders: Broken())
    assert run() == {"waiting": 16, "failed": 4}
    session.rollback()
    errors = session.scalars(select(ReportBatchItem.error).distinct()).all()
    assert errors == ["not_printed"]


def test_only_who_asked_sees_it(known: World) -> None:
    batch_id = request(known)
    for person in (known.approver, make.actor(make.government("NZ"))):
        with pytest.raises(NotFound):
            batches.batch_page(person, batch_id)
    for person in (known.reader, make.actor(known.company)):
        with pytest.raises(Denied):
            batches.batch_page(person, batch_id)
        with pytest.raises(Denied):
            request(known, person)


@pytest.mark.parametrize(
    "changed",
    [
        {"cycle": "none"},
        {"cycle": ""},
        {"edition": "half"},
        {"languages": []},
        {"languages": ["de"]},
        {"layouts": []},
        {"layouts": ["exe"]},
    ],
)
def test_faulty_orders(known: World, changed: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        batches.request(known.author, order(known, **changed), "k", now=NOW)


def test_nothing_is_shared(known: World) -> None:
    with pytest.raises(Invalid, match="nothing_to_report"):
        request(known, make.actor(make.government("AU")))
