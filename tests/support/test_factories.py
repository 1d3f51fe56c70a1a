"""The factories make records that the services accept; the guards guard."""

import socket

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from compliance.services import audit
from compliance.storage.models import Result
from tests.support import factories as make
from tests.support.audit_client import faults_of
from tests.support.engines import both_engines
from tests.support.network import LeavesThisMachine

GOOD = '<!doctype html><html lang="fr"><head><title>Merci – Suivi</title></head><body><h1>Merci</h1></body></html>'


@both_engines
def test_a_company_can_submit(context: Flask, session: Session, now) -> None:
    company = make.organisation()
    lead = make.actor(company)
    cycle = make.cycle()
    make.participation(cycle, company)
    service = make.service(company)
    assessment = make.assessment(cycle, company)
    make.answer(assessment, service, "C1.a", lead)
    sealed = make.submitted(lead, cycle, now=now)
    assert sealed.number == 1
    found = {(row.indicator_id, row.severity) for row in session.query(Result)}
    assert found == {("C1.a", "said"), ("C1.b", "elsewhere"), ("C2.a", "silent")}
    make.finding(assessment, service, "C1.a", make.actor(make.government()), rating="not_met")
    assert make.refresh(cycle, company, now=now) == 2  # the result, and the cell of its principle
    assert audit.verify(session) == []


def test_nothing_leaves_this_machine() -> None:
    with pytest.raises(LeavesThisMachine), socket.socket() as opened:
        opened.connect(("192.0.2.1", 25))
    with pytest.raises(LeavesThisMachine):
        socket.create_connection(("mail.example", 25), timeout=1)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("", "", None),
        ("Merci – Suivi", "Erreur : Merci – Suivi", None),
        ("Merci – Suivi", "Suivi", "the title"),
        ("<h1>", "<h1>x</h1><h1>", "2 h1"),
        ('lang="fr"', "", "language"),
        ('lang="fr"', 'lang="en"', "is in 'en'"),
        ("</body>", "</div></body>", "end-tag-too-early"),
        ("</body>", "<p style='color:red'>x</p></body>", "style of its own"),
        ("</body>", "<script>x</script></body>", "<script> in the page"),
        ("</body>", "<p onclick='x'>x</p></body>", "onclick"),
        ("</body>", "<i id=a></i><i id=a></i></body>", "2 times"),
        ("</body>", "<label for=nowhere>x</label></body>", "points nowhere"),
        ("</body>", "<a href='#nowhere'>x</a></body>", "points nowhere"),
        ("</body>", "<input name=x></body>", "no label"),
        ("</body>", "<img src=x></body>", "no alt"),
    ],
)
def test_pages_are_looked_at(old: str, new: str, fault: str | None) -> None:
    found = list(faults_of(GOOD.replace(old, new) if old else GOOD, "fr"))
    if fault is None:
        assert found == []
    else:
        assert any(fault in sentence for sentence in found), found
