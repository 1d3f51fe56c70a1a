"""Invitations, forgotten passwords, other addresses, the person's own page, and who gives roles."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.services.reminder.outbox import send_due
from compliance.storage.models import AccountLink, AuditEvent, Invitation, Membership, Organisation, User
from tests.services.reminder_world import Failing, office
from tests.support import factories as make
from tests.support.audit_client import AuditClient
from tests.web.test_sign_in import PASSWORD, START, code_of, enrol, post_password, signed_in


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def operator(context: Flask) -> Organisation:
    return make.operator(slug="operator", name="Operator")


@pytest.fixture
def administrator(operator: Organisation) -> User:
    return make.user(operator, "administrator", name="Ann Admin")


@pytest.fixture
def company(context: Flask) -> Organisation:
    return make.organisation(slug="harbour", name="Harbour")


@pytest.fixture
def person(app: Flask, company: Organisation) -> User:
    with app.app_context():
        password = hash_password(PASSWORD)
    return make.user(company, "lead", email="ada@harbour.example", name="Ada", password=password)


def mails() -> list[tuple[str, str, str]]:
    """Send what waits: to whom, about what, and its text."""
    sender = Failing()
    send_due(dt.datetime.now(dt.UTC), office(sender), elapsed=lambda: 0)
    return [(mail.to_address, mail.subject, mail.text) for mail in sender.mails]


def link_in(text: str) -> str:
    match = re.search(r"https://tracker\.example(/\S+/[\w-]{40,})", text)
    assert match is not None, text
    return match.group(1)


def invite(client: AuditClient, slug: str, email: str, role: str, language: str = "en"):
    typed = {"email": email, "name": "New Person", "role": role, "language": language}
    return client.post(f"/people/{slug}/invite", data=typed)


def test_someone_new_is_invited_and_comes_in(
    client: AuditClient, administrator: User, company: Organisation, clock
) -> None:
    make.sign_in(client, administrator)
    assert invite(client, "harbour", "new@harbour.example", "contributor", "fr").status_code == 303
    ((to, subject, text),) = mails()
    assert (to, subject) == ("new@harbour.example", "Votre compte pour Harbour")
    client.post("/sign-out")
    client.language = None
    assert client.get(link_in(text)).location == "/invitation"
    assert "Your address is new@harbour.example." in client.get("/invitation").text
    assert client.post("/invitation", data={"name": "Noé", "password": "short"}).status_code == 422
    assert client.post("/invitation", data={"name": " ", "password": PASSWORD}).status_code == 422
    came = client.post("/invitation", data={"name": "Noé Neuf", "password": PASSWORD})
    assert came.location == "/sign-in/second"
    assert not signed_in(client), "the second factor comes first"
    enrol(client)
    assert "Noé Neuf" in client.get("/account").text
    client.post("/sign-out")
    client.get(link_in(text))
    assert client.get("/invitation").status_code == 404, "it works once"


def test_an_invitation_lapses_and_can_be_withdrawn(
    client: AuditClient, administrator: User, company: Organisation, session: Session, clock
) -> None:
    make.sign_in(client, administrator)
    invite(client, "harbour", "late@harbour.example", "viewer")
    invite(client, "harbour", "gone@harbour.example", "viewer")
    late, gone = (link_in(text) for _to, _subject, text in mails())
    number = session.scalars(select(Invitation.id).order_by(Invitation.id.desc())).first()
    assert client.post(f"/people/harbour/invitations/{number}/withdraw").status_code == 303
    client.get(gone)
    assert client.get("/invitation").status_code == 404
    clock.shift(dt.timedelta(days=7))
    client.get(late)
    assert client.get("/invitation").status_code == 404


def test_only_the_hash_of_a_link_is_stored_and_none_in_the_outbox(
    client: AuditClient, administrator: User, company: Organisation, session: Session, clock
) -> None:
    from compliance.storage.models import Message

    make.sign_in(client, administrator)
    invite(client, "harbour", "new@harbour.example", "viewer")
    ((_to, _subject, text),) = mails()
    token = link_in(text).rsplit("/", 1)[1]
    stored = [row.__dict__ for table in (Invitation, Message, AuditEvent) for row in session.scalars(select(table))]
    assert token not in str(stored)


def test_nobody_is_invited_twice_or_from_elsewhere(
    client: AuditClient, administrator: User, person: User, clock
) -> None:
    make.organisation(slug="other", name="Other")
    make.sign_in(client, administrator)
    assert "The person has this role already" in invite(client, "harbour", person.email, "lead").text
    assert "This address cannot be invited" in invite(client, "other", person.email, "lead").text
    assert "Choose what this person does" in invite(client, "harbour", "new@harbour.example", "administrator").text
    assert "Enter an e-mail address" in invite(client, "harbour", "nobody", "lead").text
    assert invite(client, "nowhere", "new@harbour.example", "lead").status_code == 404


def test_a_second_role_counts_at_once_and_its_holder_is_told(
    client: AuditClient, administrator: User, person: User, session: Session, clock
) -> None:
    make.sign_in(client, administrator)
    invite(client, "harbour", person.email, "viewer")
    roles = session.scalars(select(Membership.role).where(Membership.user_id == person.id)).all()
    assert sorted(roles) == ["lead", "viewer"]
    ((to, subject, text),) = mails()
    assert (to, subject) == (person.email, "Your account was changed")
    assert "another role in Harbour" in text


@pytest.mark.parametrize(("slug", "role"), [("operator", "administrator"), ("gov", "approver")])
def test_two_people_give_the_roles_that_matter(
    client: AuditClient, administrator: User, operator: Organisation, session: Session, clock, slug: str, role: str
) -> None:
    make.government(slug="gov", name="Government")
    second = make.user(operator, "administrator", name="Bob Admin")
    make.sign_in(client, administrator)
    invite(client, slug, "new@gov.example", role)
    assert mails() == [], "nothing goes out before a second person has agreed"
    (number,) = session.scalars(select(Invitation.id))
    assert "Someone else must agree" in client.get("/people").text
    assert client.post(f"/people/invitations/{number}/agree").status_code == 403
    assert client.post(f"/people/invitations/{number}/refuse").status_code == 403
    make.sign_in(client, second)
    assert client.post(f"/people/invitations/{number}/agree").status_code == 303
    assert [to for to, _subject, _text in mails()] == ["new@gov.example"]
    assert client.post(f"/people/invitations/{number}/agree").status_code == 404
    session.rollback()
    trail = session.execute(
        select(AuditEvent.action, AuditEvent.actor_id).where(AuditEvent.subject == f"invitation:{number}")
    ).all()
    assert [tuple(row) for row in trail] == [
        ("invitation.make", administrator.id),
        ("invitation.agree", second.id),
    ]


def test_nobody_agrees_to_a_role_of_their_own(
    client: AuditClient, administrator: User, operator: Organisation, session: Session, clock
) -> None:
    gov = make.government(slug="gov")
    other = make.user(gov, "approver", "reviewer")
    make.sign_in(client, other)
    assert client.get("/people").status_code == 403
    assert client.post("/people/gov/invite", data={"email": "x@gov.example", "role": "approver"}).status_code == 403


def test_a_refused_invitation_goes_nowhere(
    client: AuditClient, administrator: User, operator: Organisation, session: Session, clock
) -> None:
    second = make.user(operator, "administrator")
    make.sign_in(client, administrator)
    invite(client, "operator", "new@gov.example", "administrator")
    (number,) = session.scalars(select(Invitation.id))
    make.sign_in(client, second)
    assert client.post(f"/people/invitations/{number}/refuse").status_code == 303
    assert mails() == []
    session.rollback()
    assert session.get_one(Invitation, number).outcome == "refused"


def test_a_leaver_is_out_at_once_and_the_name_stays(
    app: Flask, client: AuditClient, administrator: User, person: User, session: Session, clock
) -> None:
    make.sign_in(client, person)
    assert signed_in(client)
    office_client = app.test_client()
    make.sign_in(office_client, administrator)
    assert office_client.post(f"/people/harbour/{person.id}/close").status_code == 303
    assert not signed_in(client)
    assert post_password(client).status_code == 422
    page = office_client.get("/people/harbour").text
    assert "Have left" in page
    assert "Ada" in page
    session.expire_all()
    kept = session.get_one(User, person.id)
    assert (kept.name, kept.active, kept.password, kept.totp_secret) == ("Ada", False, None, None)


def test_the_last_administrator_stays(client: AuditClient, administrator: User, operator, clock) -> None:
    second = make.user(operator, "administrator")
    make.sign_in(client, administrator)
    assert client.post(f"/people/operator/{administrator.id}/close").status_code == 403, "nobody closes their own"
    assert client.post(f"/people/operator/{second.id}/close").status_code == 303
    assert client.post("/people/operator/close").status_code == 422


def test_a_role_is_taken_and_an_organisation_closed(
    app: Flask, client: AuditClient, administrator: User, person: User, company: Organisation, clock
) -> None:
    make.membership(person, company, "viewer")
    make.sign_in(client, administrator)
    assert client.post(f"/people/harbour/{person.id}/take/viewer").status_code == 303
    assert client.post(f"/people/harbour/{person.id}/take/viewer").status_code == 404
    assert "only role" in client.post(f"/people/harbour/{person.id}/take/lead").text
    other = app.test_client()
    make.sign_in(other, person)
    assert client.post("/people/harbour/close").status_code == 303
    assert other.get("/account").status_code == 302
    assert "Closed on" in client.get("/people/harbour").text
    assert client.get("/people/harbour/invite").status_code == 200
    assert invite(client, "harbour", "new@harbour.example", "lead").status_code == 404


def test_a_forgotten_password(client: AuditClient, person: User, session: Session, clock) -> None:
    post_password(client)
    key = enrol(client).key
    mails()
    other = client.application.test_client()
    assert other.post("/password", data={"email": " ADA@harbour.example "}).location == "/password/sent"
    ((to, _subject, text),) = mails()
    assert to == person.email
    assert other.get(link_in(text)).location == "/password/new"
    assert other.get("/password/new").status_code == 200
    assert other.post("/password/new", data={"password": "ada@harbour.example"}).status_code == 422
    assert other.post("/password/new", data={"password": "quite another one"}).location == "/sign-in"
    assert not signed_in(client), "every session has ended"
    assert [subject for _to, subject, _text in mails()] == ["Your account was changed"]
    other.get(link_in(text))
    assert other.get("/password/new").status_code == 404, "it works once"
    assert post_password(other).status_code == 422
    assert post_password(other, password="quite another one").location == "/sign-in/second"
    assert other.get("/account").location.startswith("/sign-in/second"), "the second factor is not skipped"
    clock.shift(60)
    assert other.post("/sign-in/second", data={"code": code_of(key)}).status_code == 303


def test_a_reset_link_lapses_and_a_newer_one_takes_its_place(client: AuditClient, person: User, clock) -> None:
    client.post("/password", data={"email": person.email})
    client.post("/password", data={"email": person.email})
    first, second = (link_in(text) for _to, _subject, text in mails())
    client.get(first)
    assert client.get("/password/new").status_code == 404
    clock.shift(59 * 60)
    client.get(second)
    assert client.get("/password/new").status_code == 200
    clock.shift(60)
    assert client.get("/password/new").status_code == 404
    assert client.post("/password/new", data={"password": "quite another one"}).status_code == 404


def test_asking_for_a_link_tells_nothing_and_fills_no_inbox(client: AuditClient, person: User, clock) -> None:
    make.user(email="roleless@harbour.example", password=person.password)
    for email in ("nobody@harbour.example", "roleless@harbour.example", "", "not an address"):
        assert client.post("/password", data={"email": email}).location == "/password/sent"
    assert mails() == []
    for _ in range(6):
        assert client.post("/password", data={"email": person.email}).location == "/password/sent"
    assert len(mails()) == 3


def test_a_new_password_ends_every_other_session(client: AuditClient, app: Flask, person: User, clock) -> None:
    other = app.test_client()
    make.sign_in(other, person)
    make.sign_in(client, person)
    assert client.post("/account/password", data={"old": "wrong", "password": "quite another one"}).status_code == 422
    assert client.post("/account/password", data={"old": PASSWORD, "password": "1111111111111"}).status_code == 422
    assert client.post("/account/password", data={"old": PASSWORD, "password": "quite another one"}).status_code == 303
    assert signed_in(client)
    assert other.get("/account").status_code == 302


def test_another_address(client: AuditClient, person: User, clock) -> None:
    make.sign_in(client, person)
    assert client.post("/account/address", data={"email": "nonsense"}).status_code == 422
    client.post("/account/address", data={"email": "ada.new@harbour.example"})
    ((to, _subject, text),) = mails()
    assert to == "ada.new@harbour.example"
    assert "ada@harbour.example" in client.get("/account").text, "until the link is opened the old one stays"
    assert client.get(link_in(text)).location == "/account/address/new"
    assert client.get("/account/address/new").status_code == 200
    assert client.post("/account/address/new").status_code == 303
    assert [to for to, _subject, _text in mails()] == ["ada@harbour.example"], "the old address is told"
    assert "ada.new@harbour.example" in client.get("/account").text


def test_nobody_takes_an_address_for_someone_else(
    client: AuditClient, person: User, company: Organisation, session: Session, clock
) -> None:
    thief = make.user(company, "viewer")
    make.sign_in(client, person)
    client.post("/account/address", data={"email": "ada.new@harbour.example"})
    ((_to, _subject, text),) = mails()
    make.sign_in(client, thief)
    client.get(link_in(text))
    assert client.post("/account/address/new").status_code == 404
    client.post("/account/address", data={"email": person.email})
    assert mails() == [], "an address that someone has is not asked"
    assert len(session.scalars(select(AccountLink)).all()) == 1


def test_sessions_are_listed_and_ended(client: AuditClient, app: Flask, person: User, company, clock) -> None:
    other = app.test_client()
    make.sign_in(other, person)
    clock.shift(1)
    make.sign_in(client, person)
    page = client.get("/account/sessions").text
    assert page.count("a test") == 2
    number = re.search(r"/account/sessions/(\d+)/end", page)
    assert number is not None
    assert client.post(number.group(0)).status_code == 303
    assert other.get("/account").status_code == 302
    assert client.post(number.group(0)).status_code == 404
    make.sign_in(other, make.user(company, "lead"))
    theirs = re.findall(r"/account/sessions/\d+/end", other.get("/account/sessions").text)
    assert theirs == []


def test_codes_and_app_of_ones_own(client: AuditClient, person: User, clock) -> None:
    post_password(client)
    enrol(client)
    assert "10 codes left" in client.get("/account").text
    page = client.post("/account/codes").text
    assert len(re.findall(r">[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}<", page)) == 10
    client.post("/account/app/remove")
    assert "You need a second factor" in client.get("/account").text


def test_language_and_time_zone(client: AuditClient, person: User, clock) -> None:
    make.sign_in(client, person)
    client.language = None
    assert client.post("/account", data={"language": "fr", "time_zone": "America/Iqaluit"}).status_code == 303
    assert "Vos choix sont enregistrés" in client.get("/account").text
    assert "15 septembre 2026, 12:00" in client.get("/account/sessions").text
    assert client.post("/account", data={"language": "fr", "time_zone": "Mars/Olympus"}).status_code == 200


def test_an_administrator_sees_no_content(client: AuditClient, administrator: User, company: Organisation) -> None:
    make.sign_in(client, administrator)
    assert "Harbour" in client.get("/people?q=harb").text
    assert "Harbour" not in client.get("/people?q=%25").text
    for address in ("/companies", "/services", "/companies/harbour"):
        assert client.get(address).status_code == 403
