"""The pages about reminders: the desk of staff, one's own mail, contacts, and the links that need no sign-in."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from compliance.domain.reminder_plans import dump_plan
from compliance.mail.failures import Refused
from compliance.mail.senders import MemorySender
from compliance.services import health
from compliance.services.account.mails import queue_account_mail
from compliance.services.reminder.mail_preferences import stop_path
from compliance.services.reminder.outbox import PostOffice, beat, send_due
from compliance.services.reminder.plans import usual_plan
from compliance.services.reminder.reminders import queue_due
from compliance.services.transaction import looking, writing
from compliance.storage.models import AuditEvent, MailPreference
from tests.services.reminder_world import BASE_URL, Failing, World, change, messages, reminders, world
from tests.support import factories as make
from tests.support.audit_client import AuditClient

NOW = dt.datetime.now(dt.UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _working_day_and_night(monkeypatch):
    """The pages run on the clock of the machine."""
    from compliance.services.reminder import work_calendars
    from tests.support.mail import open_calendar

    monkeypatch.setattr(work_calendars, "_calendar", open_calendar)
    health.forget()


@pytest.fixture
def made(app) -> World:
    """A company that has been due for reminders for a week, on the real clock."""
    del app
    cycle = make.cycle(
        opens_on=TODAY - dt.timedelta(days=60),
        due_on=TODAY + dt.timedelta(days=6),
        reminder_plan=dump_plan(usual_plan()),
    )
    return world(cycle, time_zone="UTC", name="Blue Heron")


@pytest.fixture
def government():
    return make.government("CA")


@pytest.fixture
def coordinator(client: AuditClient, government):
    person = make.user(government, "coordinator")
    make.sign_in(client, person)
    return person


def text_of(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match is not None
    return match.group()


def run(sender=None) -> None:
    now = dt.datetime.now(dt.UTC)
    queue_due(now, base_url=BASE_URL)
    send_due(now, PostOffice(sender or MemorySender(), BASE_URL, "no-reply@tracker.example", secret="s" * 32))


def test_the_desk_shows_what_went_and_what_will_go(client, made, coordinator):
    run()
    page = text_of(client.get("/reminders"))
    assert "Blue Heron" in page
    assert "sent" in page
    assert "will go" in page
    assert made.lead.email in page
    far = (TODAY + dt.timedelta(days=80)).isoformat()
    assert "Nothing." in text_of(client.get(f"/reminders?from={far}&to={far}"))
    assert "Nothing." in text_of(client.get("/reminders?company=Nobody"))
    for strange in ("from=x&to=y", "page=0", "page=99999", "page=-1", "from=2999-12-31", "company=%25"):
        assert client.get(f"/reminders?{strange}").status_code == 200


def test_another_country_sees_nothing_and_a_reader_not_even_the_page(client, made):
    run()
    message = messages()[0]
    make.sign_in(client, make.user(make.government("NZ"), "coordinator"))
    assert "Blue Heron" not in text_of(client.get("/reminders"))
    assert made.lead.email not in text_of(client.get("/reminders/messages"))
    assert client.get(f"/reminders/messages/{message.id}").status_code == 404
    assert client.get(f"/reminders/companies/{made.company.slug}").status_code == 404
    assert client.post(f"/reminders/companies/{made.company.slug}/pause", data={"reason": "x"}).status_code == 404
    make.sign_in(client, make.user(make.government("CA"), "reader"))
    assert client.get("/reminders").status_code == 403
    make.sign_in(client, made.lead)
    assert client.get("/reminders").status_code == 403


def test_a_reviewer_looks_and_does_not_touch(client, made, government):
    run(Failing(*(Refused("550 nobody") for _ in range(9))))
    make.sign_in(client, make.user(government, "reviewer"))
    failed = next(row for row in messages() if row.state == "failed")
    assert "Try again" not in text_of(client.get(f"/reminders/messages/{failed.id}"))
    for address in (f"messages/{failed.id}/retry", f"messages/{failed.id}/send-now", "pause"):
        assert client.post(f"/reminders/{address}", data={"reason": "x"}).status_code == 403
    assert messages()[0].state == "failed"


def test_what_failed_is_shown_with_the_servers_words_and_can_go_again(client, made, coordinator):
    run(Failing(*(Refused("550 5.1.1 no such mailbox") for _ in range(9))))
    failed = next(row for row in messages() if row.recipient_id == made.lead.id)
    page = text_of(client.get("/reminders/messages?state=failed"))
    assert "550 5.1.1 no such mailbox" in page
    assert client.post(f"/reminders/messages/{failed.id}/retry").status_code == 303
    sender = MemorySender()
    run(sender)
    assert made.lead.email in {mail.to_address for mail in sender.mails}
    sent = client.get(f"/reminders/messages/{failed.id}")
    assert sender.mails[0].message_id in text_of(sent) or len(sender.mails) > 1
    assert client.post(f"/reminders/messages/{failed.id}/retry").status_code == 409


def test_what_was_sent_can_be_read_without_the_link_that_ends_mails(client, made, coordinator):
    run()
    message = next(row for row in messages() if row.recipient_id == made.contributor.id)
    page = text_of(client.get(f"/reminders/messages/{message.id}"))
    assert "The assessment has not been submitted yet." in page
    assert "/mail/stop/" not in page


def test_a_mail_about_an_account_is_listed_and_never_read(client, made, coordinator, monkeypatch):
    with writing() as session:
        queue_account_mail(session, made.lead.id, "try", now=NOW, base_url=BASE_URL, place="Secret place")
    (message,) = messages()
    page = text_of(client.get(f"/reminders/messages/{message.id}"))
    assert "for its reader alone" in page
    assert "Secret place" not in page
    assert made.lead.email in text_of(client.get("/reminders/messages"))


def test_why_somebody_was_or_was_not_reminded(client, made, coordinator):
    run()
    address = f"/reminders/companies/{made.company.slug}"
    assert "Choose a person" in text_of(client.get(address))
    lead = text_of(client.get(f"{address}?person=user:{made.lead.id}"))
    for words in ("7 days before", "sent", "a later reminder took its place", "will go", "10 days after"):
        assert words in lead
    viewer = text_of(client.get(f"{address}?person=user:{made.viewer.id}"))
    assert "Not for this person" in viewer
    assert client.get(f"{address}?person=user:999").status_code == 404
    assert client.get(f"{address}?person=nonsense").status_code == 404
    make.assessment(made.cycle, made.company, "submitted")
    assert "not sent: it was submitted" in text_of(client.get(f"{address}?person=user:{made.lead.id}"))


def test_send_now_ahead_of_time_and_never_twice(client, made, coordinator):
    run()
    address = f"/reminders/companies/{made.company.slug}"
    form = {"person": f"user:{made.lead.id}", "stage": f"participation.{made.participation.id}.due_1.1"}
    assert client.post(f"{address}/send-now", data=form).status_code == 303
    sender = MemorySender()
    run(sender)
    assert [mail.to_address for mail in sender.mails] == [made.lead.email]
    assert client.post(f"{address}/send-now", data=form).status_code == 409
    assert client.post(f"{address}/send-now", data=form | {"stage": "x"}).status_code == 404
    row = next(row for row in reminders() if row.stage == "due_1")
    assert (row.recipient_key, row.dropped_reason) == (f"user:{made.lead.id}", "")


def test_a_message_that_waits_can_be_hurried(client, made, coordinator):
    now = dt.datetime.now(dt.UTC)
    queue_due(now, base_url=BASE_URL)
    message = messages()[0]
    change(message, not_before=now + dt.timedelta(hours=12))
    assert client.post(f"/reminders/messages/{message.id}/send-now").status_code == 303
    sender = MemorySender()
    run(sender)
    assert message.message_id in {mail.message_id for mail in sender.mails}
    assert client.post(f"/reminders/messages/{message.id}/send-now").status_code == 409


def test_pausing_a_company_and_everything(client, made, coordinator, session):
    address = f"/reminders/companies/{made.company.slug}/pause"
    assert "Say why" in text_of(client.post(address, data={"reason": " "}, follow_redirects=True))
    assert "Held:" in text_of(client.post(address, data={"reason": "A merger"}, follow_redirects=True))
    sender = MemorySender()
    run(sender)
    assert made.lead.email not in {mail.to_address for mail in sender.mails}
    assert "A merger" in text_of(client.get("/reminders"))
    client.post(address, data={"resume": "1"})
    client.post("/reminders/pause", data={"reason": "Mail server moves"})
    run(sender)
    assert made.lead.email not in {mail.to_address for mail in sender.mails}
    client.post("/reminders/pause", data={"resume": "1"})
    run(sender)
    assert made.lead.email in {mail.to_address for mail in sender.mails}
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("reminders."))).all()
    assert [action for action in actions if action != "reminders.queue"] == [
        "reminders.pause", "reminders.resume", "reminders.pause", "reminders.resume",
    ]  # fmt: skip


def test_the_chase_list(client, made, coordinator):
    make.contact(made.company, name="Ada Head")
    assert "Nobody has to be called." in text_of(client.get("/reminders/calls"))
    change(made.cycle, due_on=TODAY - dt.timedelta(days=30))
    page = text_of(client.get("/reminders/calls"))
    assert "Blue Heron" in page
    assert "Ada Head (executive contact)" in page
    assert "30" in page


def test_staff_are_warned_when_no_round_runs(client, made, coordinator):
    assert "Reminders do not go out" in text_of(client.get("/companies"))
    assert client.get("/readyz").get_json()["reminders"] == {"last_round": None, "late": True}
    now = dt.datetime.now(dt.UTC)
    beat(now - dt.timedelta(minutes=4))
    health.forget()
    assert "Reminders do not go out" not in text_of(client.get("/companies"))
    assert client.get("/readyz").get_json()["reminders"]["late"] is False
    beat(now - dt.timedelta(minutes=6))
    health.forget()
    assert "Reminders do not go out" in text_of(client.get("/companies"))
    make.sign_in(client, made.lead)
    assert "Reminders do not go out" not in text_of(client.get("/"))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_ones_own_mail(client, made, language):
    change(made.lead, language=language)
    run()
    make.sign_in(client, made.lead, language=language)
    assert client.get("/account/mail").status_code == 200
    done = client.post(
        "/account/mail", data={"participation": "weekly", "evidence": "never", "digest": "daily", "x": "y"}
    )
    assert done.status_code == 303
    client.post("/account/mail", data={"participation": "hourly"})
    with looking() as session:
        rows = session.scalars(select(MailPreference).order_by(MailPreference.about)).all()
    assert [(row.about, row.rhythm) for row in rows] == [("evidence", "never"), ("participation", "weekly")]
    page = client.get("/account/mail").get_data(as_text=True)
    assert re.search(r'value="weekly" selected', page)


def test_the_calendar_address(client, made):
    make.sign_in(client, made.lead, language="fr")
    page = client.post("/account/calendar").get_data(as_text=True)
    path = found(r"/calendar/[\w-]+\.ics", page)
    assert path not in client.get("/account/mail").get_data(as_text=True), "shown once"
    program = FlaskClient(client.application, client.application.response_class)  # signed in nowhere
    answer = program.get(path)
    calendar = Calendar.from_ical(answer.data)
    (event,) = calendar.walk("VEVENT")
    assert event["SUMMARY"] == f"Blue Heron – {made.cycle.name_fr}"
    assert event.decoded("DTSTART") == made.cycle.due_on
    assert answer.headers["Cache-Control"].endswith("no-store")
    assert program.get(path).status_code == program.head(path).status_code == 200
    make.assessment(made.cycle, made.company, "submitted")
    assert Calendar.from_ical(program.get(path).data).walk("VEVENT") == []
    newer = found(r"/calendar/[\w-]+\.ics", client.post("/account/calendar").get_data(as_text=True))
    assert program.get(path).status_code == 404
    client.post("/account/calendar/end")
    assert program.get(newer).status_code == 404
    assert program.get("/calendar/x.ics").status_code == 404


def stop_address(person) -> str:
    run()
    message = next(row for row in messages() if row.recipient_id == person.id)
    return stop_path(message, "only for tests, and long enough for that")


def test_the_link_that_ends_mails_needs_no_sign_in_and_no_token(app, made):
    app.config["WTF_CSRF_ENABLED"] = True
    address = stop_address(made.lead)
    with FlaskClient(app, app.response_class) as program:
        for _ in range(3):
            assert program.get(address).status_code == program.head(address).status_code == 200
        with looking() as session:
            assert session.scalars(select(MailPreference)).all() == [], "looking changes nothing"
        for _ in range(2):
            assert program.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        for broken in (address[:-1], address + "0", "/mail/stop/1-", "/mail/stop/x", "/mail/stop/99999999999999999-a"):
            assert program.get(broken).status_code == program.post(broken).status_code == 404
    with looking() as session:
        rows = session.scalars(select(MailPreference)).all()
        assert [(row.recipient_key, row.about, row.rhythm) for row in rows] == [
            (f"user:{made.lead.id}", "participation", "never")
        ]


def test_the_page_of_the_link_speaks_the_language_of_the_mail(app, made):
    address = stop_address(made.lead)  # French
    with app.test_client() as browser:
        browser.language = "fr"
        page = browser.get(address, headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert '<html lang="fr"' in page


def test_executive_contacts(client, made, coordinator):
    address = f"/contacts/{made.company.slug}"
    for person in (coordinator, made.lead):
        make.sign_in(client, person, language="en")
        assert client.get(address).status_code == 200
    wrong = client.post(address, data={"name": " ", "email": "nobody", "language": "de"})
    assert wrong.status_code == 422
    assert "Enter an e-mail address" in text_of(wrong)
    form = {"name": "Ada Head", "email": "ada@company.example", "position": "Chief executive", "language": "fr"}
    assert client.post(address, data=form).status_code == 303
    assert client.post(address, data=form | {"email": "ADA@company.example"}).status_code == 303
    page = client.get(address).get_data(as_text=True)
    assert page.count("ada@company.example") == 1
    end = found(r"/contacts/[\w-]+/\d+/end", page)
    assert client.post(end).status_code == 303
    assert client.post(end).status_code == 404
    assert "no executive contact yet" in text_of(client.get(address))
    for person in (
        made.contributor,
        make.user(make.government("NZ"), "coordinator"),
        make.user(make.organisation(), "lead"),
    ):
        make.sign_in(client, person, language="en")
        assert client.post(address, data=form).status_code in (403, 404)


def test_stages_and_messages_beyond_one_page_are_paged(client, made, coordinator, monkeypatch):
    from compliance.services.reminder import desk
    from compliance.storage.queries import reminder_desk as queries

    monkeypatch.setattr(desk, "MOST_LINES", 3)
    monkeypatch.setattr(queries, "PAGE", 1)
    run()
    assert 'rel="next"' in client.get("/reminders").get_data(as_text=True)
    assert 'rel="prev"' in client.get("/reminders?page=2").get_data(as_text=True)
    assert 'rel="next"' in client.get("/reminders/messages").get_data(as_text=True)
    assert 'rel="prev"' in client.get("/reminders/messages?page=2").get_data(as_text=True)


def test_the_number_of_queries_of_the_desk_does_not_grow(client, made, coordinator):
    from sqlalchemy import event

    from compliance.storage.database import db

    def count() -> int:
        statements: list[str] = []
        with client.application.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        client.get("/reminders")
        return len(statements)

    few = count()
    for _ in range(5):
        world(made.cycle)
    with client.application.app_context():
        pass
    assert count() <= few * 2  # two listeners by now
    assert (reminders(), messages()) == ([], []), "looking queues nothing"
