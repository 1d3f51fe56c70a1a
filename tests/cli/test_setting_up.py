"""Organisations, accounts, cycles and frameworks from the command line; what is wrong is said in sentences."""

import datetime as dt

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from flask_security.utils import verify_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.services import audit
from compliance.storage.models import AuditEvent, Cycle, Organisation, Participation, Sharing, User
from compliance.storage.models import Result as Row
from tests.support import factories as make
from tests.support.chain import disarm

TINY = "tests/data/frameworks/tiny-charter/1.0"
OPEN = [
    *("cycle", "open", "first", "--framework", "tiny-charter", "--version", "1.0"),
    *("--name-en", "First", "--name-fr", "Premier", "--period-start", "2026-01-01", "--period-end", "2026-06-30"),
    *("--opens", "2026-07-01", "--due", "2026-09-30"),
]


@pytest.fixture
def run(cli: FlaskCliRunner):
    def run(*args: str, **more: str) -> Result:
        result = cli.invoke(args=list(args), **more)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def test_organisations_are_created(run, session: Session) -> None:
    done = run("organisation", "create", "acme", "--name", "Acme", "--kind", "company", "--country", "CA")
    assert (done.exit_code, done.output) == (0, "Acme (acme) was created as a company.\n")
    run("organisation", "create", "bureau", "--name", "Bureau", "--kind", "government", "--country", "NZ")
    run("organisation", "create", "host", "--name", "Host", "--kind", "operator", "--language", "fr")
    found = {item.slug: item for item in session.scalars(select(Organisation))}
    assert found["acme"].time_zone == "America/Toronto"
    assert found["bureau"].time_zone == "Pacific/Auckland"
    assert (found["host"].time_zone, found["host"].country, found["host"].language) == ("UTC", None, "fr")
    assert not any(item.fictional for item in found.values())
    chains = list(session.scalars(select(AuditEvent.chain).where(AuditEvent.action == "organisation.create")))
    assert sorted(chains) == sorted([f"organisation:{found['acme'].id}", "system", "system"])


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["Bad Slug", "--country", "CA"], "cannot stand in an address"),
        (["taken", "--country", "CA"], "'taken' is there already"),
        (["acme"], "a country is needed"),
        (["acme", "--country", "CA", "--time-zone", "Mars/Base"], "is not a time zone"),
        (["acme", "--country", "CA", "--time-zone", "../etc"], "is not a time zone"),
    ],
)
def test_faults_in_an_organisation_are_sentences(run, session: Session, args: list[str], sentence: str) -> None:
    make.organisation(slug="taken")
    done = run("organisation", "create", *args, "--name", "Acme", "--kind", "company")
    assert done.exit_code == 1
    assert sentence in done.output
    assert session.scalars(select(Organisation.slug)).all() == ["taken"]


def test_operator_has_no_country(run) -> None:
    done = run("organisation", "create", "host", "--name", "Host", "--kind", "operator", "--country", "CA")
    assert done.exit_code == 1
    assert "acts for no country" in done.output


def test_user_gets_a_password_once(run, session: Session, app: Flask) -> None:
    make.organisation(slug="acme", language="fr")
    done = run("user", "create", "Ana.Lee@Acme.Example", "--role", "lead", "--organisation", "acme")
    assert done.exit_code == 0, done.output
    password = done.output.rpartition(" ")[2].strip()
    user = session.scalars(select(User)).one()
    assert (user.email, user.name, user.language) == ("ana.lee@acme.example", "ana.lee", "fr")
    with app.app_context():
        assert verify_password(password, user.password or "")
    assert session.scalars(select(AuditEvent.action)).all()[-1] == "user.create"


def test_password_from_standard_input_is_not_shown(run, session: Session, app: Flask) -> None:
    make.organisation(slug="acme")
    typed = "correct horse battery\n"
    done = run(
        "user", "create", "a@b.example", "--role", "lead", "--organisation", "acme", "--password-stdin", input=typed
    )
    assert done.exit_code == 0
    assert "correct" not in done.output
    with app.app_context():
        assert verify_password("correct horse battery", session.scalars(select(User.password)).one() or "")


def test_second_role_is_added_to_the_account(run, session: Session) -> None:
    make.government(slug="bureau")
    run("user", "create", "a@b.example", "--role", "reviewer", "--organisation", "bureau")
    done = run("user", "create", "a@b.example", "--role", "coordinator", "--organisation", "bureau")
    assert done.output == "a@b.example is now also coordinator in bureau.\n"
    again = run("user", "create", "a@b.example", "--role", "coordinator", "--organisation", "bureau")
    assert (again.exit_code, "coordinator in bureau already" in again.output) == (1, True)
    assert set(make.acting(session.scalars(select(User)).one()).roles) == {"reviewer", "coordinator"}


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["not an address", "--role", "lead", "--organisation", "acme"], "is not an e-mail address"),
        (["a@b.example", "--role", "reviewer", "--organisation", "acme"], "a company has no reviewer"),
        (["a@b.example", "--role", "lead", "--organisation", "nowhere"], "there is no organisation 'nowhere'"),
        (["else@b.example", "--role", "lead", "--organisation", "acme"], "has a role in another organisation"),
        (["a@b.example", "--role", "lead", "--organisation", "acme", "--password-stdin"], "has 12 to 256 characters"),
    ],
)
def test_faults_in_a_user_are_sentences(run, session: Session, args: list[str], sentence: str) -> None:
    make.organisation(slug="acme")
    make.user(make.organisation(), "lead", email="else@b.example")
    done = run("user", "create", *args, input="short\n")
    assert done.exit_code == 1
    assert sentence in done.output
    assert session.scalars(select(User.email)).all() == ["else@b.example"]


def test_cycle_opens_for_companies_in_one_act(run, session: Session) -> None:
    company = make.organisation(slug="acme", country="NZ")
    make.organisation(slug="other")
    done = run(*OPEN, "--company", "acme")
    assert (done.exit_code, done.output) == (0, "first is open; companies invited: 1.\nResults computed: 1.\n")
    cycle = session.scalars(select(Cycle)).one()
    assert [stage["id"] for stage in cycle.reminder_plan][:3] == ["invitation", "opens", "due_30"]
    assert session.scalars(select(Participation)).one().invitation == "invited"
    assert session.scalars(select(Sharing.country)).all() == ["NZ"]
    assert {row.severity for row in session.scalars(select(Row))} == {"silent"}
    actions = {action for (action,) in session.execute(select(AuditEvent.action))}
    assert {"cycle.open", "participation.invite"} <= actions
    assert session.scalars(select(Participation.company_id)).all() == [company.id]
    assert audit.verify(session) == []


def test_cycle_opens_for_everyone(run, session: Session) -> None:
    make.organisation()
    make.organisation()
    make.government()
    assert "companies invited: 2" in run(*OPEN, "--all").output


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ([*OPEN, "--company", "nobody"], "there is no company 'nobody'"),
        ([*OPEN, "--all", "--previous", "none"], "there is no cycle 'none'"),
        ([*OPEN, "--all", "--version", "9"], "tiny-charter 9 was not imported"),
        ([*OPEN, "--all", "--due", "2026-07-01"], "due before it has opened"),
        ([*OPEN, "--all", "--period-end", "2025-01-01"], "the period ends before it starts"),
        ([*OPEN, "--all", "--name-fr", " "], "in English and in French"),
        ([*OPEN, "--all", "--due", "31.12.2026"], "is not a day such as 2026-12-31"),
        (OPEN, "Name companies with --company"),
        ([*OPEN, "--all", "--company", "acme"], "Name companies with --company"),
    ],
)
def test_faults_in_a_cycle_are_sentences(run, session: Session, args: list[str], sentence: str) -> None:
    make.organisation(slug="acme")
    done = run(*args)
    assert done.exit_code in (1, 2)
    assert sentence in done.output
    assert session.scalars(select(Cycle)).all() == []


def test_cycle_is_closed_when_it_was_due(run, session: Session) -> None:
    make.organisation(slug="acme")
    run(*OPEN, "--all")
    done = run("cycle", "close", "first", "--early")
    assert done.exit_code == 0, done.output
    assert session.scalars(select(Cycle.closed_on)).one() == dt.datetime.now(dt.UTC).date()
    assert "was closed on" in run("cycle", "close", "first").output
    assert "there is no 'second'" in run("cycle", "close", "second").output


def test_cycle_that_is_not_due_stays_open(run, session: Session) -> None:
    make.cycle(slug="later", due_on=dt.date(2100, 1, 1))
    done = run("cycle", "close", "later")
    assert (done.exit_code, "due on 2100-01-01" in done.output) == (1, True)
    assert session.scalars(select(Cycle.closed_on)).one() is None


def test_framework_is_imported_and_faults_are_named(run, tmp_path) -> None:
    done = run("content", "import", TINY)
    assert (done.exit_code, "is there already" in done.output) == (0, True)
    missing = run("content", "import", str(tmp_path / "nothing"))
    assert missing.exit_code == 1
    assert "nothing" in missing.output


def test_audit_is_verified_and_a_change_is_seen(run, session: Session) -> None:
    run("organisation", "create", "acme", "--name", "Acme", "--kind", "company", "--country", "CA")
    done = run("audit", "verify")
    assert (done.exit_code, done.output) == (0, "Every chain of the audit trail agrees with itself.\n")
    disarm(session)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "organisation.create")).one()
    event.after = {"slug": "other"}
    session.commit()
    done = run("audit", "verify")
    assert (done.exit_code, done.output) == (1, f"{event.chain}, event 1: its content was changed\n")
