"""Mails about a person's account: queued without their secret, which is made at sending."""

from __future__ import annotations

import pytest

from compliance.domain.errors import NotFound
from compliance.mail.failures import Postponed
from compliance.mail.rendering import Rendered
from compliance.services.account import mails
from compliance.services.account.mails import LINKS, queue_account_mail
from compliance.services.reminder.outbox import Outcome, send_due
from compliance.services.transaction import writing
from tests.services.reminder_world import BASE_URL, SOON, Failing, change, messages, office, world
from tests.support import factories


@pytest.fixture
def made(monkeypatch):
    """A purpose with a link, and texts for it."""
    tokens = iter(["first-token", "second-token"])
    monkeypatch.setitem(LINKS, "try", lambda _session, user_id, _words, _now: f"/try/{user_id}/{next(tokens)}")

    def render(mail, language, words, /, **values):
        return Rendered("Site", f"{mail} {language}", f"{values['link']} {values['place']}\n", "<p></p>")

    monkeypatch.setattr("compliance.mail.messages.render", render)
    return world()


def queue(person, **words) -> None:
    with writing() as session:
        queue_account_mail(session, person.id, "try", now=SOON, base_url=BASE_URL, **words)


def test_the_secret_is_made_at_sending_and_anew_for_each_attempt(made):
    queue(made.lead, place="Here")
    (message,) = messages()
    assert (message.kind, message.day, message.language) == ("account", None, "fr")
    assert "token" not in str(message.data)
    sender = Failing(Postponed("451"))
    send_due(SOON, office(sender), elapsed=lambda: 0)
    send_due(messages()[0].not_before, office(sender), elapsed=lambda: 0)
    (mail,) = sender.mails
    assert mail.text == f"{BASE_URL}/try/{made.lead.id}/second-token Here\n"
    assert "token" not in str(messages()[0].data)


def test_it_goes_at_night_and_several_a_day(made):
    night = SOON.replace(hour=6)
    queue(made.lead, place="Here")
    queue(made.lead, place="There")
    sender = Failing()
    assert send_due(SOON.replace(day=26, hour=night.hour), office(sender)) == {Outcome.SENT: 2}


def test_a_pause_and_a_closed_account_do_not_hold_it(made):
    change(made.lead, active=False)
    queue(made.lead, place="Here")
    assert send_due(SOON, office(Failing())) == {Outcome.SENT: 1}


def test_nobody_gets_none():
    with pytest.raises(NotFound), writing() as session:
        queue_account_mail(session, 999, "try", now=SOON, base_url=BASE_URL)
    factories.user()
    assert mails.LINKS is LINKS
