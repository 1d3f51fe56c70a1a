"""Cycles in the browser: opening one for many, the chase list, a date for one company, closing; who may."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.reminder_plans import dump_plan
from compliance.domain.versions import successors_through, version_change
from compliance.services.cycle.frameworks import framework_for
from compliance.services.reminder.plans import usual_plan
from compliance.storage.database import db
from compliance.storage.models import AuditEvent, Cycle, FrameworkVersion, Participation, Result, User
from tests.support import factories as make
from tests.support.audit_client import AuditClient
from tests.support.filled import forms_of

FORM = {
    "name_en": "Next half",
    "name_fr": "Prochain semestre",
    "slug": "next-half",
    "version": "tiny-charter/1.0",
    "previous": "",
    "choice": "all",
    "companies": "",
    **{f"period_start-{part}": value for part, value in (("day", "1"), ("month", "7"), ("year", "2026"))},
    **{f"period_end-{part}": value for part, value in (("day", "31"), ("month", "12"), ("year", "2026"))},
    **{f"opens_on-{part}": value for part, value in (("day", "1"), ("month", "1"), ("year", "2027"))},
    **{f"due_on-{part}": value for part, value in (("day", "31"), ("month", "3"), ("year", "2100"))},
}


@pytest.fixture
def coordinator(context: object) -> User:
    return make.user(make.government("CA"), "coordinator")


def test_one_act_opens_a_cycle_for_all(client: AuditClient, coordinator: User, session: Session) -> None:
    companies = [make.organisation(country=country) for country in ("CA", "NZ", "CA")]
    make.sign_in(client, coordinator)
    assert "Every company (3)" in client.get("/cycles/new").text
    assert "The companies that our country leads on (2)" in client.get("/cycles/new?lang=en").text
    done = client.post("/cycles/new", data=FORM)
    assert done.location == "/cycles/next-half"
    page = client.get(done.location).text
    assert "3 companies were invited" in page
    assert "3 companies have not submitted" in page
    assert set(session.scalars(select(Participation.company_id))) == {company.id for company in companies}
    assert session.scalars(select(Result)).first() is not None, "a small cycle is complete when the page comes"
    assert session.scalars(select(AuditEvent.actor_id).where(AuditEvent.action == "cycle.open")).one() == coordinator.id


def test_faults_keep_what_was_typed(client: AuditClient, coordinator: User, session: Session) -> None:
    make.sign_in(client, coordinator)
    for change, sentence in (
        ({"slug": "Next Half"}, "Use small letters"),
        ({"name_fr": ""}, "Enter the name in English and in French."),
        ({"due_on-year": ""}, "Enter a day, a month and a year"),
        ({"due_on-day": "", "due_on-month": "", "due_on-year": ""}, "Enter a date."),
        ({"due_on-year": "2026"}, "Enter a day after the cycle has opened."),
        ({"choice": "named"}, "Name at least one company"),
        ({"choice": "named", "companies": "nobody"}, "There is no company “nobody”."),
        ({"choice": "some"}, "Fill this in."),
        ({"version": "none/9"}, "Choose one of the versions that were imported."),
        ({"previous": "none"}, "Choose one of the cycles listed."),
    ):
        refused = client.post("/cycles/new", data=FORM | change)
        assert refused.status_code == 422, change
        assert sentence in refused.text, change
        assert "Next half" in refused.text
    assert session.scalars(select(Cycle)).all() == []


def test_the_chase_list_and_a_date_for_one(client: AuditClient, coordinator: User, session: Session) -> None:
    cycle = make.cycle(due_on=dt.date(2100, 3, 31))
    company, foreign = make.organisation(name="Late"), make.organisation(name="Foreign", country="NZ")
    lead = make.user(company, "lead", name="Lee Lead")
    for each in (company, foreign):
        make.participation(cycle, each, "invited")
    make.sign_in(client, coordinator)
    page = client.get(f"/cycles/{cycle.slug}").text
    assert page.count("Change the date") == 1, "the lead country grants the date"
    assert lead.email in page
    assert "Foreign" not in client.get(f"/cycles/{cycle.slug}?lead=CA").text
    address = f"/cycles/{cycle.slug}/companies/{company.slug}/date"
    seen = dict(re.findall(r'name="(seen)" value="([^"]*)"', client.get(address).text))
    date = {"due_on-day": "15", "due_on-month": "4", "due_on-year": "2100", "reason": "More time was asked for."}
    assert client.post(address, data=seen | date | {"due_on-year": "2099"}).status_code == 422
    assert client.post(address, data=seen | date | {"due_on-month": "44"}).status_code == 422
    assert client.post(address, data=seen | date).status_code == 303
    page = client.get(f"/cycles/{cycle.slug}").text
    assert "15 April 2100" in page
    assert "own date" in page
    clash = client.post(address, data=seen | date | {"due_on-day": "20"})
    assert clash.status_code == 409
    assert "A colleague has given the date 15 April 2100" in clash.text
    assert client.get(f"/cycles/{cycle.slug}/companies/{foreign.slug}/date").status_code == 403
    assert client.get(f"/cycles/{cycle.slug}/companies/none/date").status_code == 404
    make.sign_in(client, lead)
    assert "15 April 2100" in client.get("/").text


def test_inviting_more_and_closing(client: AuditClient, coordinator: User, session: Session) -> None:
    cycle = make.cycle(due_on=dt.date(2100, 3, 31))
    make.participation(cycle, make.organisation(), "invited")
    more = make.organisation()
    make.sign_in(client, coordinator)
    address = f"/cycles/{cycle.slug}"
    assert client.post(f"{address}/invite", data={"choice": "named", "companies": ""}).status_code == 422
    assert client.post(f"{address}/invite", data={"choice": "named", "companies": more.slug}).status_code == 303
    assert "2 companies have not submitted" in client.get(address).text
    client.post(f"{address}/close")
    assert "The cycle stays open" in client.get(address).text
    client.post(f"{address}/close", data={"early": "y"})
    page = client.get(address).text
    assert "The cycle is closed." in page
    assert "have not submitted" not in page
    chains = session.scalars(select(AuditEvent.chain).where(AuditEvent.action == "cycle.close")).all()
    assert len(chains) == 3, "the system's and each company's"


def test_who_may_not(client: AuditClient, coordinator: User) -> None:
    cycle = make.cycle()
    reader = make.user(make.government("GB"), "reader")
    make.sign_in(client, reader)
    assert client.get("/cycles").status_code == 200
    page = client.get(f"/cycles/{cycle.slug}").text
    assert "Close the cycle" not in page
    assert client.get("/cycles/new").status_code == 403
    assert client.post(f"/cycles/{cycle.slug}/close").status_code == 403
    make.sign_in(client, make.user(make.organisation(), "lead"))
    assert client.get("/cycles").status_code == 403
    make.sign_in(client, coordinator)
    assert client.get("/cycles/none").status_code == 404


def test_what_is_asked_otherwise_is_shown(client: AuditClient, coordinator: User, session: Session) -> None:
    """A version that replaces one indicator and adds another, compared by stable ids and `replaces`."""
    row = session.scalars(select(FrameworkVersion).where(FrameworkVersion.framework == "tiny-charter")).one()
    framework = framework_for(row)
    assert version_change(framework, framework).same
    later = _next_version(session, row)
    change = version_change(framework, framework_for(later))
    assert [(old.id, new.id) for old, new in change.replaced] == [("C1.a", "C1.z")]
    assert [each.id for each in change.kept] == [id_ for id_ in framework.indicators if id_ != "C1.a"]
    assert (change.added, change.dropped) == ((), ())
    assert successors_through([framework_for(later)]) == {"C1.a": "C1.z"}
    before = make.cycle()
    cycle = make.cycle(previous=before, framework_version_id=later.id)
    make.sign_in(client, coordinator)
    page = client.get(f"/cycles/{cycle.slug}").text
    assert "Asked otherwise than in the cycle before" in page
    assert "C1.z" in page
    assert "takes the place of C1.a" in page


def _next_version(session: Session, row: FrameworkVersion) -> FrameworkVersion:
    """The tiny framework again, with C1.a replaced by C1.z."""
    import json

    text = json.dumps(row.document).replace('"C1.a"', '"C1.z"')
    document = json.loads(text)
    found = _find(document, "C1.z")
    found["replaces"] = ["C1.a"]
    stored = FrameworkVersion(
        framework=row.framework,
        version="2.0",
        sha256="2" * 64,
        wording_sha256="2" * 64,
        document=document,
        imported_at=make.MADE_AT,
    )
    return make._stored(stored)


def _find(node: object, id_: str) -> dict[str, object]:
    """The indicator with an id, wherever it stands in a document."""
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, dict):
            if each.get("id") == id_ and "question" in each:
                return each
            stack.extend(each.values())
        elif isinstance(each, list):
            stack.extend(each)
    raise LookupError(id_)


class TestReminderPlan:
    @pytest.fixture
    def plan_cycle(self, context: object) -> Cycle:
        return make.cycle(make.REAL, slug="planned", reminder_plan=dump_plan(usual_plan()))

    def _form(self, client: AuditClient) -> dict[str, list[str]]:
        return form_of(client.get("/cycles/planned/reminders").text)

    def test_everybody_in_government_sees_it_and_a_coordinator_changes_it(self, client, plan_cycle) -> None:
        make.sign_in(client, make.user(make.government("CA"), "reader"))
        page = client.get("/cycles/planned/reminders")
        assert page.status_code == 200
        assert "Save the plan" not in page.text
        assert client.post("/cycles/planned/reminders", data={"usual": "1"}).status_code == 403
        make.sign_in(client, make.user(make.government("CA"), "coordinator"))
        form = self._form(client)
        assert client.post("/cycles/planned/reminders", data=form).status_code == 303
        assert stored_plan() == dump_plan(usual_plan())  # as it was: nothing changed by looking and saving

    def test_a_stage_goes_one_moves_and_one_comes(self, client, plan_cycle) -> None:
        make.sign_in(client, make.user(make.government("CA"), "coordinator"))
        form = self._form(client)
        last = max(int(name.split("-")[1]) for name in form if name.startswith("stages-"))
        by_id = {form[f"stages-{place}-id"][0]: place for place in range(last + 1)}
        del form[f"stages-{by_id['due_14']}-goes"]
        form |= {f"stages-{by_id['due_7']}-days": ["6"], f"stages-{by_id['due_7']}-to": ["lead", "viewer"]}
        form |= {f"stages-{last}-days": ["45"], f"stages-{last}-at": ["10:30"]}
        assert client.post("/cycles/planned/reminders", data=form).status_code == 303
        after = {stage["id"]: stage for stage in stored_plan()}
        assert "due_14" not in after
        assert (after["due_7"]["days"], after["due_7"]["to"]) == (-6, ["lead", "viewer"])
        new = after["participation_before_45"]
        assert (new["from"], new["days"], new["at"], new["to"]) == ("due", -45, "10:30", ["contributor", "lead"])
        assert after["commitment_monthly"]["times"] == 4
        assert client.post("/cycles/planned/reminders", data={**self._form(client), "usual": "1"}).status_code == 303
        assert stored_plan() == dump_plan(usual_plan())

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("days", "x", "Enter a number of days from 0 to 366."),
            ("days", "400", "Enter a number of days from 0 to 366."),
            ("days", "", "Enter a number of days from 0 to 366."),
            ("at", "9", "Enter a time of day such as 09:00."),
            ("at", "24:00", "Enter a time of day such as 09:00."),
            ("to", [], "Choose who is reminded."),
            ("to", ["everybody"], "Choose who is reminded."),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(self, client, plan_cycle, field, value, sentence) -> None:
        make.sign_in(client, make.user(make.government("CA"), "coordinator"))
        form = self._form(client) | {f"stages-2-{field}": value, "stages-3-days": "13"}
        answer = client.post("/cycles/planned/reminders", data=form)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert 'value="13"' in answer.text  # what else was typed is still there
        assert stored_plan() == dump_plan(usual_plan())

    def test_a_colleague_was_faster(self, client, plan_cycle) -> None:
        make.sign_in(client, make.user(make.government("CA"), "coordinator"))
        mine, theirs = self._form(client), self._form(client)
        assert client.post("/cycles/planned/reminders", data=theirs | {"stages-2-days": "29"}).status_code == 303
        answer = client.post("/cycles/planned/reminders", data=mine | {"stages-3-days": "13"})
        assert answer.status_code == 409
        assert "29 days before" in answer.text  # theirs
        assert 'value="13"' in answer.text  # mine
        again = form_of(answer.text)
        assert client.post("/cycles/planned/reminders", data=again).status_code == 303
        assert [stage["days"] for stage in stored_plan()][2:4] == [-30, -13]

    def test_a_closed_cycle_keeps_its_plan(self, client, plan_cycle) -> None:
        make.sign_in(client, make.user(make.government("CA"), "coordinator"))
        form = self._form(client)
        with Session(db.engine) as session, session.begin():
            session.get_one(Cycle, plan_cycle.id).closed_on = dt.date(2026, 9, 1)
        assert client.post("/cycles/planned/reminders", data=form).status_code == 409
        assert client.get("/cycles/none/reminders").status_code == 404


def form_of(page: str) -> dict[str, list[str]]:
    """The form to save a plan with, as it stands."""
    return next(fields for _address, fields in forms_of(page) if "seen" in fields).to_dict(flat=False)


def stored_plan() -> list[dict[str, object]]:
    with Session(db.engine) as session:
        return list(session.scalars(select(Cycle.reminder_plan).where(Cycle.slug == "planned")).one())
