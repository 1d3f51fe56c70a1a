"""Amending and withdrawing on the site."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from compliance.domain.answers import AnswerEntry, Status
from compliance.storage.models import Cycle, Organisation, User
from tests.support import factories as make
from tests.support.audit_client import AuditClient


@pytest.fixture
def company(context: object) -> Organisation:
    return make.organisation(name="Harbour (fictional)")


@pytest.fixture
def lead(company: Organisation) -> User:
    return make.user(company, "lead", name="Ada Sample")


@pytest.fixture
def cycle(company: Organisation, lead: User, now: dt.datetime, client: AuditClient) -> Cycle:
    cycle = make.cycle(make.REAL, due_on=dt.date(2027, 3, 31))
    make.participation(cycle, company)
    assessment = make.assessment(cycle, company)
    service = make.service(company, ("public_posts", "image_video_sharing"), name="Photos", slug="photos")
    make.answer(assessment, service, "P01.a", make.acting(lead), AnswerEntry(Status.PLANNED, explanation="Soon."))
    make.sign_in(client, lead)
    return cycle


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', html[html.index("<main") :]))


def signed(client: AuditClient, base: str) -> int:
    data = hidden(client.get(f"{base}/sign").text)
    data |= {"name": "Ada", "role": "Lead", "authority": "Board", "no_material": "y"}
    return client.post(f"{base}/sign", data=data).status_code


def answered(client: AuditClient, base: str, **values: str) -> int:
    page = f"{base}/services/photos/P01.a"
    return client.post(page, data=hidden(client.get(page).text) | values).status_code


@pytest.mark.parametrize("language", ["en", "fr"])
def test_amend_sign_again_and_see_what_differs(
    cycle: Cycle, company: Organisation, client: AuditClient, language: str
) -> None:
    base = f"/assessments/{cycle.slug}"
    assert answered(client, base, status="in_place", explanation="First.") == 303
    assert signed(client, base) == 303
    client.language = language
    client.get(f"{base}/after?lang={language}")
    assert f'href="{base}/after"' in client.get(base).text
    assert client.post(f"{base}/after", data={"act": "amend"}).status_code == 303
    assert answered(client, base, status="in_place", explanation="Second.") == 303
    assert signed(client, base) == 303
    assert f"{base}/receipts/2/changes" in client.get(f"{base}/receipts/2").text
    page = client.get(f"{base}/receipts/2/changes").text
    assert '<del class="break-anywhere">First.</del>' in page
    assert '<ins class="break-anywhere">Second.</ins>' in page
    assert client.get(f"{base}/receipts/1/changes").status_code == 404
    make.sign_in(client, make.user(make.government("CA"), "reviewer"))
    review = client.get(f"/companies/{company.slug}/{cycle.slug}/review").text
    address = f"/companies/{company.slug}/{cycle.slug}/changes/2"
    assert f'href="{address}"' in review
    assert "Second." in client.get(address).text


def test_withdraw_with_a_reason(cycle: Cycle, company: Organisation, client: AuditClient) -> None:
    base = f"/assessments/{cycle.slug}"
    answered(client, base, status="in_place", explanation="First.")
    assert client.post(f"{base}/after", data={"act": "withdraw", "reason": "x"}).status_code == 409
    assert signed(client, base) == 303
    refused = client.post(f"{base}/after", data={"act": "withdraw", "reason": " "})
    assert refused.status_code == 422
    assert "Say why your company withdraws its submission." in refused.text
    assert client.post(f"{base}/after", data={"act": "nonsense"}).status_code == 200
    assert client.post(f"{base}/after", data={"act": "withdraw", "reason": "Too early."}).status_code == 303
    assert "Go on with them as a draft" in client.get(f"{base}/after").text
    assert client.post(f"{base}/after", data={"act": "draft"}).status_code == 303
    assert answered(client, base, status="in_place", explanation="Second.") == 303
