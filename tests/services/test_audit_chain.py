"""The audit trail on both engines: the database refuses to change it, and whoever gets past that is found."""

import datetime as dt
import json
import random
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from compliance.domain.audit_chain import Head
from compliance.services import audit
from compliance.services.audit import check, heads
from compliance.storage.models import AuditEvent, AuditHead
from tests.support import chain

COUNT = 12


@pytest.fixture
def stored(session: Session) -> Session:
    chain.store(session, chain.links(COUNT))
    session.commit()
    return session


@pytest.mark.parametrize(
    "attack",
    [
        update(AuditEvent).where(AuditEvent.number == 3).values(action="x"),
        delete(AuditEvent).where(AuditEvent.number == COUNT),
        update(AuditHead).where(AuditHead.chain == chain.CHAIN).values(number=3),
        delete(AuditHead).where(AuditHead.chain == chain.CHAIN),
    ],
    ids=["change", "delete", "turn back the head", "delete the head"],
)
def test_the_database_refuses(stored: Session, attack: object) -> None:
    with pytest.raises(DBAPIError, match="audit"):
        stored.execute(attack)  # type: ignore[call-overload]
    stored.rollback()
    assert audit.verify(stored) == []


def test_the_database_refuses_to_empty_the_table(stored: Session) -> None:
    postgresql = stored.get_bind().dialect.name == "postgresql"
    with pytest.raises(DBAPIError, match="audit"):
        stored.execute(text("TRUNCATE audit_event" if postgresql else "DELETE FROM audit_event"))


@pytest.mark.parametrize("way", chain.WAYS, ids=lambda way: way.__name__)
def test_tampering_is_found_where_it_was_done(stored: Session, way: object) -> None:
    kept = check.heads(stored)
    chain.disarm(stored)
    stored.commit()
    for seed in range(5):
        expected = way(stored, COUNT, random.Random(seed))  # type: ignore[operator]
        found = audit.verify(stored, kept)
        assert found, (way, seed)
        assert found[0].chain == chain.CHAIN
        assert found[0].number == expected, (way, seed, found)
        stored.rollback()
    assert audit.verify(stored, kept) == []


def test_a_chain_may_grow_after_its_head_was_kept(stored: Session, now: dt.datetime) -> None:
    kept = check.heads(stored)
    audit.record(stored, None, "organisation.create", "organisation:77", organisation_id=77, now=now)
    stored.commit()
    assert audit.verify(stored, kept) == []
    assert audit.verify(stored, [Head(chain.CHAIN, 3, "0" * 64)])[0].number == 3


def test_a_long_trail_is_walked_in_pieces(stored: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_PIECE", 5)
    pieces = [check.Piece(*ends, ()) for ends in check._cuts(stored)]
    assert len(pieces) == stored.scalar(select(func.count()).select_from(AuditEvent)) // 5 + 1  # type: ignore[operator]
    found = [check._walk(stored, piece) for piece in pieces]
    assert list(check._together(found, check.heads(stored), ())) == []
    chain.disarm(stored)
    stored.execute(update(AuditEvent).where(AuditEvent.number == 6).values(action="x"))
    found = [check._walk(stored, piece) for piece in pieces]
    assert {fault.number for fault in check._together(found, check.heads(stored), ())} == {6}
    stored.rollback()


class TestSignedHeads:
    SECRET = "s" * 40

    def test_once_a_day(self, stored: Session, tmp_path: Path) -> None:
        first = heads.write_today(stored, tmp_path / "heads", self.SECRET, now=chain.NOW)
        assert first is not None
        assert heads.write_today(stored, tmp_path / "heads", self.SECRET, now=chain.NOW) is None
        later = heads.write_today(stored, tmp_path / "heads", self.SECRET, now=chain.NOW + dt.timedelta(days=1))
        assert heads.newest(tmp_path / "heads") == later
        assert heads.read(first, self.SECRET) == check.heads(stored)
        assert sorted(path.name for path in (tmp_path / "heads").iterdir()) == [first.name, later.name]  # type: ignore[union-attr]

    @pytest.mark.parametrize("change", ["heads", "at", "signature", "cut", "key"])
    def test_a_changed_file_is_not_trusted(self, stored: Session, tmp_path: Path, change: str) -> None:
        path = heads.write(stored, tmp_path / "heads.json", self.SECRET, now=chain.NOW)
        signed = json.loads(path.read_text())
        if change == "cut":
            path.write_text(path.read_text()[:-20])
        elif change == "key":
            path = heads.write(stored, path, "t" * 40, now=chain.NOW)
        else:
            signed[change] = {"heads": signed["heads"][:-1], "at": "2020", "signature": "AAAA"}[change]
            path.write_text(json.dumps(signed))
        with pytest.raises(heads.BadHeads, match=r"heads\.json"):
            heads.read(path, self.SECRET)
