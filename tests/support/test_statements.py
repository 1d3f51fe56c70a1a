"""The count of statements does not depend on when it is taken."""

from __future__ import annotations

import datetime as dt

import time_machine

from compliance.domain.accounts import TOUCH_AFTER
from tests.support import factories as make
from tests.support.audit_client import AuditClient
from tests.support.statements import statements_of


def test_a_page_counts_the_same_right_after_sign_in_and_minutes_later(client: AuditClient) -> None:
    make.cycle()
    make.sign_in(client, make.user(make.government("CA"), "reviewer"))
    at_once = statements_of(client, "/portfolio/numbers")
    later = dt.datetime.now(dt.UTC) + 3 * TOUCH_AFTER
    with time_machine.travel(later):
        assert statements_of(client, "/portfolio/numbers") == at_once
