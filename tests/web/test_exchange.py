"""The exchange on pages: bench, questions, findings and replies, gaps, commitments, meetings; both sides."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from compliance.domain.questionnaire import Place
from compliance.storage.database import db
from compliance.storage.models import Assessment, Clarification, Commitment, FindingVersion, User
from tests.services.exchange_world import World, submitted_world
from tests.support import factories as make
from tests.support.audit_client import AuditClient


@pytest.fixture
def world(app: object) -> World:
    return submitted_world()


class Site:
    """Signs people of the world in, and fills forms as a browser would."""

    def __init__(self, client: AuditClient, world: World) -> None:
        self.client, self.world = client, world
        self.base = f"/companies/{world.company.slug}/{world.cycle.slug}"
        self.own = f"/assessments/{world.cycle.slug}"
        self.answer = f"{self.base}/review/services/{world.service.slug}/P01.a"

    def sign_in(self, actor: object, language: str | None = None) -> None:
        user = db.session.get_one(User, actor.user_id)  # type: ignore[attr-defined]
        make.sign_in(self.client, user, language=language)

    def get(self, address: str) -> str:
        response = self.client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        return response.text

    def send(self, address: str, expected: int = 303, /, **fields: str) -> str:
        """Post a form whose field names are written with "__" for "-"."""
        data = {name.replace("__", "-"): value for name, value in fields.items()}
        response = self.client.post(address, data=data)
        assert response.status_code == expected, (address, response.status_code, response.text[-3000:])
        return response.text

    def state(self) -> str:
        db.session.rollback()
        return db.session.get_one(Assessment, self.world.assessment.id).state


@pytest.fixture
def site(client: AuditClient, world: World) -> Site:
    return Site(client, world)


DUE = {"ask__due_on__day": "1", "ask__due_on__month": "3", "ask__due_on__year": "2027"}
REPLY_DUE = {"reply_due_on__day": "1", "reply_due_on__month": "3", "reply_due_on__year": "2027"}


def shared(site: Site) -> int:
    site.sign_in(site.world.reviewer)
    site.send(site.answer, rating="partly", reason="Only in part.", version="0", key="a")
    site.send(f"{site.base}/review/steps", act="share", **REPLY_DUE)
    db.session.rollback()
    return db.session.query(FindingVersion).one().finding_id


def test_a_question_goes_to_the_company_and_comes_back(site: Site) -> None:
    world = site.world
    site.sign_in(world.reviewer)
    assert "Write a question about at least one answer" in site.send(f"{site.base}/review/steps", 422, act="return")
    site.send(site.answer, act="ask", ask__question="Which formats?", ask__version="0", ask__key="a", **DUE)
    assert "Which formats?" in site.get(site.answer)
    assert "Not sent yet" in site.get(f"{site.base}/review?questions=1")
    site.sign_in(world.contributor)
    assert "Which formats?" not in site.get(f"{site.own}/questions")
    site.sign_in(world.reviewer)
    site.send(f"{site.base}/review/steps", act="return")
    assert site.state() == "returned"
    site.sign_in(world.lead)
    assert "1 answer is open again" in site.get(site.own)
    page = site.get(f"{site.own}/questions")
    assert "Which formats?" in page
    number = re.search(r"/questions/(\d+)", page)
    assert number is not None
    reply = f"{site.own}/questions/{number[1]}"
    stored = re.search(r'name="version" value="(\d+)"', site.get(reply))
    assert stored is not None
    site.send(reply, 422, reply=" ", version=stored[1], key="b")
    site.send(reply, reply="Images only, as said.", version=stored[1], key="b")
    assert "Lost" in site.send(reply, 409, reply="Lost words are kept.", version="1", key="c")
    page = site.get(f"{site.own}/services/{world.service.slug}/P01.a")
    assert "Which formats?" in page
    assert 'name="status"' in page
    assert 'name="status"' not in site.get(f"{site.own}/services/{world.service.slug}/P01.b")
    make.submitted(world.lead, world.cycle, now=dt.datetime.now(dt.UTC))
    site.sign_in(world.reviewer)
    page = site.get(site.answer)
    assert "1 round of questions" in page
    assert "Images only, as said." in page
    assert "The answer before and after" in page


def test_the_company_reads_findings_and_replies(site: Site) -> None:
    world = site.world
    site.sign_in(world.lead)
    assert site.client.get(f"{site.own}/findings").status_code == 404
    number = shared(site)
    site.sign_in(world.contributor)
    assert "Findings were shared with you" in site.get(site.own)
    assert "Only in part." in site.get(f"{site.own}/findings/{number}")
    address = f"{site.own}/findings/{number}"
    assert "Give your reasons." in site.send(address, 422, stance="disagree", text="", version="0", key="a")
    site.send(address, stance="disagree", text="It is complete.", version="0", key="a")
    assert "Mine is kept" in site.send(address, 409, stance="accept", text="Mine is kept here.", version="0", key="b")
    site.send(f"{site.own}/findings/send", 403)
    site.sign_in(world.lead)
    site.send(f"{site.own}/findings/send")
    assert "Write at least one reply" in site.send(f"{site.own}/findings/send", 422)
    site.sign_in(world.reviewer)
    page = site.get(site.answer)
    assert "It is complete." in page
    assert "disputed" in page
    site.send(f"{site.base}/review/steps", act="conclude")
    assert site.state() == "concluded"
    site.sign_in(world.coordinator)
    assert "Give a reason." in site.send(f"{site.base}/review/steps", 422, act="reopen", reason="")
    site.send(f"{site.base}/review/steps", act="reopen", reason="New facts came up.")
    site.sign_in(world.lead)
    assert "New facts came up." in site.get(site.own)


def test_a_finding_typed_while_findings_are_shared_is_not_lost(site: Site) -> None:
    shared(site)
    page = site.send(site.answer, 422, rating="agree", reason="Typed before it was shared.", version="1", key="z")
    assert "Typed before it was shared." in page
    assert "Say why you change it" in page
    site.send(site.answer, rating="agree", reason="Seen.", version="1", key="z", change_reason="The page was found.")
    site.sign_in(site.world.lead)
    assert "Changed, version 2" in site.get(f"{site.own}/findings")


def test_what_was_typed_stands_on_the_page_that_refuses_it(site: Site) -> None:
    site.sign_in(site.world.approver)
    page = site.send(site.answer, 403, rating="agree", reason="Words of an approver.", version="0", key="a")
    assert "Words of an approver." in page
    site.sign_in(site.world.outsider)
    assert "Two words" in site.send(site.answer, 404, rating="agree", reason="Two words", version="0", key="a")


def test_notes_stay_in_the_department_until_they_are_shared(site: Site) -> None:
    world = site.world
    site.sign_in(world.reviewer)
    site.send(site.answer, act="note", note__text="Ask their engineer.")
    site.send(site.answer, 422, act="note", note__text=" ")
    site.sign_in(world.other_country)
    assert "Ask their engineer." not in site.get(site.answer)
    site.sign_in(world.fellow)
    page = site.get(site.answer)
    assert "Ask their engineer." in page
    address = re.search(r'action="([^"]+/notes/\d+/share)"', page)
    assert address is not None
    site.sign_in(world.other_country)
    site.send(address[1], 404)
    site.sign_in(world.fellow)
    site.send(address[1])
    site.sign_in(world.other_country)
    assert "Ask their engineer." in site.get(site.answer)


def test_who_looks_at_it_now(site: Site) -> None:
    site.sign_in(site.world.fellow)
    site.get(site.answer)
    site.sign_in(site.world.reviewer)
    page = site.get(site.answer)
    assert "Looking at it now" in page
    assert site.world.fellow.name in page


def test_assignments_and_my_queue(site: Site) -> None:
    world = site.world
    site.sign_in(world.coordinator)
    due = {"due_on__day": "1", "due_on__month": "3", "due_on__year": "2027"}
    site.send(f"{site.base}/review/assign", 422, reviewer=str(world.lead.user_id), **due)
    site.send(f"{site.base}/review/assign", reviewer=str(world.fellow.user_id), principle="P01", **due)
    site.sign_in(world.fellow)
    page = site.get("/queue")
    assert world.company.name in page
    assert "Principle 1" in page
    mine = site.get(f"{site.base}/review?mine=1")
    assert "P01.a" in mine
    assert "P09.a" not in mine
    site.send(site.answer, rating="agree", version="0", key="a")
    assert "1 of " in site.get("/queue")
    end = re.search(r'action="([^"]+/assignments/\d+/end)"', site.get(f"{site.base}/review"))
    assert end is not None
    site.send(end[1])
    assert "Nothing waits for you." in site.get("/queue")


def test_filters_of_the_bench(site: Site) -> None:
    site.sign_in(site.world.reviewer)
    address = f"{site.base}/review"
    assert "P01.a" in site.get(f"{address}?function=children_can_use")
    assert "P01.a" not in site.get(f"{address}?function=search")
    assert "P01.a" not in site.get(f"{address}?changed=1")
    assert "P09.a" not in site.get(f"{address}?service={site.world.service.slug}")
    assert "P01.b" in site.get(f"{address}?severity=gap_with_plan")


def test_a_commitment_from_proposal_to_verified(site: Site) -> None:
    world = site.world
    site.sign_in(world.contributor)
    new = f"/commitments/new/{world.company.slug}/{world.cycle.slug}/P01.b?service={world.service.slug}"
    day = {"due_on__day": "1", "due_on__month": "3", "due_on__year": "2027"}
    step = {
        f"steps__0__due_on__{part}": value
        for part, value in zip(("day", "month", "year"), ("1", "2", "2027"), strict=True)
    }
    assert "Fill this in." in site.send(new, 422, text="", owner="", key="a")
    more = site.send(
        new, 200, text="Match video.", owner="Safety", key="a", add_step="1", steps__0__text="Choose", **day
    )
    assert "Step 2" in more
    fields = {"text": "Match video.", "owner": "Safety", "key": "a", "steps__0__text": "Choose a tool", **day, **step}
    site.send(new, **fields)
    site.send(new, **fields)
    db.session.rollback()
    row = db.session.query(Commitment).one()
    address = f"/commitments/{row.id}"
    assert "Match video." in site.get("/commitments")
    site.sign_in(world.reviewer)
    assert "Match video." in site.get(f"/commitments/of/{world.company.slug}")
    site.send(address, act="agree", version="1")
    site.send(address, 409, act="agree", version="2")
    site.sign_in(world.lead)
    site.send(address, act="step_done", version="2", step=str(_step()))
    assert "Describe the evidence." in site.send(address, 422, act="claim_done", version="3", text="")
    site.send(address, act="claim_done", version="3", text="Done since May.", evidence_address="https://a.example/b")
    site.sign_in(world.reviewer)
    site.send(address, 422, act="reopen", version="4", text="")
    site.send(address, act="reopen", version="4", text="Half of it is missing.")
    site.sign_in(world.lead)
    assert "Half of it is missing." in site.get(address)
    site.send(address, act="claim_done", version="5", text="All of it now.")
    site.sign_in(world.reviewer)
    site.send(address, act="verify", version="6", text="")
    assert "Verified" in site.get(address)
    site.send(address, 404, act="fly", version="7")
    for person, status in ((world.outsider, 404), (world.rival, 404), (world.other_country, 200)):
        site.sign_in(person)
        assert site.client.get(address).status_code == status


def _step() -> int:
    from compliance.storage.models import CommitmentStep

    db.session.rollback()
    return db.session.query(CommitmentStep).one().id


def test_the_register_and_one_gap(site: Site) -> None:
    world = site.world
    site.sign_in(world.reviewer)
    page = site.get(f"{site.base}/gaps")
    assert "Priority" in page
    assert "P01.c" in page
    assert "P01.c" not in site.get(f"{site.base}/gaps?severity=gap_with_plan")
    gap = f"{site.base}/gaps/services/{world.service.slug}/P01.c"
    assert "Through the cycles" in site.get(gap)
    review = {"review_on__day": "1", "review_on__month": "3", "review_on__year": "2027"}
    site.send(gap, 422, act="propose", reason="", **review)
    site.send(gap, act="propose", reason="Too small a service.", **review)
    site.send(gap, 409, act="propose", reason="Again, please.", **review)
    number = re.search(r'name="number" value="(\d+)"', site.get(gap))
    assert number is not None
    site.send(gap, 403, act="approve", number=number[1])
    site.sign_in(world.approver)
    assert "Approve" in site.get(gap)
    site.send(gap, act="approve", number=number[1])
    assert "Accepted as it is" in site.get(f"{site.base}/gaps")
    site.send(gap, act="end", number=number[1], reason="It has grown.")
    assert "It has grown." in site.get(gap)
    site.send(gap, 404, act="end", number=number[1], reason="Twice is once too often.")
    site.sign_in(world.outsider)
    assert site.client.get(gap).status_code == 404


def test_a_meeting_and_what_came_of_it(site: Site) -> None:
    world = site.world
    site.sign_in(world.reviewer)
    address = f"{site.base}/meetings"
    held = {"held_on__day": "1", "held_on__month": "9", "held_on__year": "2026"}
    ask = {"asks__0__text": "Match video?", "asks__0__outcome": "agreed", "asks__0__answer": "By spring."}
    about = {"asks__0__question": f"{world.service.slug}/P01.b"}
    follow = {
        "follow_up": "Call them",
        "follow_up_on__day": "1",
        "follow_up_on__month": "3",
        "follow_up_on__year": "2027",
    }
    site.get(f"{address}/new")
    assert "Choose what came of it." in site.send(
        f"{address}/new", 422, met="Us and them", key="a", **held, asks__0__text="Match video?"
    )
    fields = {"met": "The minister and the chief executive", "key": "a", **held, **ask, **about, **follow}
    site.send(f"{address}/new", **fields)
    site.send(f"{address}/new", **fields)
    page = site.get(address)
    assert page.count("The minister and the chief executive") == 1
    one = re.search(rf'href="({address}/\d+)"', page)
    assert one is not None
    assert "engagement=" in site.get(one[1])
    assert "Mine stays here" in site.send(one[1], 409, met="Mine stays here", version="7", key="x", **held)
    site.send(one[1], met="The minister alone", version="1", key="y", **held)
    site.sign_in(world.other_country)
    assert "The minister" not in site.get(address)
    assert site.client.get(one[1]).status_code == 404
    site.sign_in(world.lead)
    assert site.client.get(address).status_code == 403


def test_every_page_in_french(site: Site) -> None:
    world = site.world
    number = shared(site)
    place = Place(world.cycle.slug, world.service.slug, "P01.a", world.company.slug)
    site.sign_in(world.reviewer, "fr")
    for address in (
        site.answer,
        f"{site.base}/review",
        f"{site.base}/review/steps",
        f"{site.base}/gaps",
        f"{site.base}/gaps/services/{place.service}/P01.c",
        f"{site.base}/meetings",
        f"{site.base}/meetings/new",
        "/queue",
        f"/commitments/of/{world.company.slug}",
    ):
        site.get(address)
    site.sign_in(world.lead, "fr")
    for address in (f"{site.own}/questions", f"{site.own}/findings", f"{site.own}/findings/{number}", "/commitments"):
        site.get(address)


DISPUTE_DUE = {"due_on__day": "1", "due_on__month": "3", "due_on__year": "2027"}


def test_a_disputed_function_goes_to_the_company_and_comes_back(site: Site) -> None:
    world = site.world
    page, slug = f"{site.base}/review/functions", world.service.slug
    site.sign_in(world.reviewer, "fr")
    assert "Fonctions contestées" in site.get(page)
    site.sign_in(world.reviewer, "en")
    assert "Say why you dispute" in site.send(page, 422, service=slug, function="live_streaming", **DISPUTE_DUE)
    assert "Enter a date" in site.send(page, 422, service=slug, function="live_streaming", reason="Seen.")
    site.send(page, service=slug, function="live_streaming", reason="Streams were seen.", **DISPUTE_DUE)
    assert "Not sent yet" in site.get(page)
    site.sign_in(world.other_country)
    assert "Streams were seen." not in site.get(page)
    site.sign_in(world.contributor)
    assert "Streams were seen." not in site.get(f"{site.own}/questions")
    site.sign_in(world.reviewer)
    site.send(f"{site.base}/review/steps", act="return")
    row = db.session.query(Clarification).one()

    site.sign_in(world.contributor, "fr")
    asked = site.get(f"{site.own}/questions")
    assert "Fonction contestée" in asked
    assert f"/services/{slug}/P05.a" in asked
    site.sign_in(world.contributor, "en")
    assert "Government disputes what the service can do" in site.get(f"{site.own}/services/{slug}/P05.a")
    form = f"{site.own}/questions/{row.id}"
    assert "Choose whether you agree" in site.send(form, 422, reply="Words.", version=str(row.version), key="k")
    site.send(form, agrees="no", reply="Only partners can.", version=str(row.version), key="k")
    site.send(form, 409, agrees="yes", reply="", version=str(row.version), key="other")
    make.submitted(world.lead, world.cycle, now=dt.datetime.now(dt.UTC))

    site.sign_in(world.reviewer)
    told = site.get(page)
    assert "Only partners can." in told
    assert "The company disagrees" in told
    assert "Disputed function" in site.get(f"{site.base}/review")
    assert "The company disagrees" in site.get(f"/companies/{world.company.slug}?cycle={world.cycle.slug}")
    site.send(f"{page}/{row.id}/end")
    assert "Taken back" in site.get(page)
