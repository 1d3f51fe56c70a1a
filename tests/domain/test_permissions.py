"""The conditions of the permission table, each with what makes it hold and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compliance.domain import permissions
from compliance.domain.assessments import EDITABLE, State
from compliance.domain.permissions import (
    PERMISSIONS,
    ROLES_OF,
    Actor,
    Condition,
    Grant,
    OrganisationKind,
    Permission,
    Record,
    Role,
    allows,
    could_ever,
)

LEAD = Actor(7, "Ada Sample", 3, "Sample Ltd", OrganisationKind.COMPANY, None, frozenset({Role.LEAD}))
REVIEWER = Actor(8, "Bo Sample", 4, "Sample Department", OrganisationKind.GOVERNMENT, "CA", frozenset({Role.REVIEWER}))
ASKED = ("photos", "P01.a")

HOLDS: list[tuple[Condition, Actor, Record, bool]] = [
    (permissions.own_company, LEAD, Record(company_id=3), True),
    (permissions.own_company, LEAD, Record(company_id=4), False),
    (permissions.own_company, LEAD, Record(), False),
    (permissions.in_lead_country, REVIEWER, Record(lead_country="CA"), True),
    (permissions.in_lead_country, REVIEWER, Record(lead_country="NZ"), False),
    (permissions.in_lead_country, REVIEWER, Record(), False),
    (permissions.in_lead_country, LEAD, Record(), False),  # no country is not the same as no country
    (permissions.shared_with_country, REVIEWER, Record(countries=frozenset({"AU", "CA"})), True),
    (permissions.shared_with_country, REVIEWER, Record(countries=frozenset({"AU"})), False),
    (permissions.shared_with_country, LEAD, Record(countries=frozenset({"AU"})), False),
    (permissions.own_country, REVIEWER, Record(country="CA"), True),
    (permissions.own_country, REVIEWER, Record(country="NZ"), False),
    (permissions.own_country, LEAD, Record(), False),
    (permissions.made_by_another, REVIEWER, Record(author_id=7), True),
    (permissions.made_by_another, REVIEWER, Record(author_id=8), False),
    (permissions.about_another, REVIEWER, Record(about_id=7), True),
    (permissions.about_another, REVIEWER, Record(about_id=8), False),
    (permissions.was_released, REVIEWER, Record(was_released=True), True),
    (permissions.was_released, REVIEWER, Record(), False),
    (permissions.not_a_writer, REVIEWER, Record(writers=frozenset({7})), True),
    (permissions.not_a_writer, REVIEWER, Record(writers=frozenset({7, 8})), False),
    (permissions.findings_were_shared, LEAD, Record(findings_shared=True), True),
    (permissions.findings_were_shared, LEAD, Record(), False),
    (permissions.submitted, REVIEWER, Record(has_submission=True, state=State.SUBMITTED), True),
    (permissions.submitted, REVIEWER, Record(has_submission=True, state=State.WITHDRAWN), False),
    (permissions.submitted, REVIEWER, Record(has_submission=False, state=State.SUBMITTED), False),
]

#: In which states a condition holds that looks at nothing else.
IN_STATES: dict[Condition, set[State | None]] = {
    permissions.open_for_findings: {State.SUBMITTED, State.RETURNED},
    permissions.under_review: {State.SUBMITTED},
    permissions.returned: {State.RETURNED},
    permissions.findings_are_shared: {State.FINDINGS_SHARED, State.CONCLUDED},
    permissions.awaiting_reply: {State.FINDINGS_SHARED},
    permissions.concluded: {State.CONCLUDED},
    permissions.past_submission: {None, *State} - {None, State.DRAFT, State.WITHDRAWN},
}


@pytest.mark.parametrize(("condition", "actor", "record", "holds"), HOLDS)
def test_condition(condition: Condition, actor: Actor, record: Record, holds: bool) -> None:
    assert condition(actor, record) is holds


@pytest.mark.parametrize("condition", IN_STATES, ids=lambda condition: condition.__name__)
def test_condition_by_state(condition: Condition) -> None:
    states: list[State | None] = [None, *State]
    assert {state for state in states if condition(REVIEWER, Record(state=state))} == IN_STATES[condition]


@pytest.mark.parametrize("state", [None, *State])
@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("amending", [False, True])
def test_when_answers_may_change(state: State | None, closed: bool, amending: bool) -> None:
    """Drafts until the cycle closes, an amendment likewise; while returned what was asked about, however late it is."""
    record = Record(state=state, cycle_closed=closed, amending=amending, question=ASKED)
    expected = not closed and (state in EDITABLE or (amending and state is State.SUBMITTED))
    if state is State.RETURNED:
        assert permissions.open_for_answers(LEAD, replace(record, open_questions=frozenset({ASKED}))) is True
        expected = False
    assert permissions.open_for_answers(LEAD, record) is expected


def test_a_grant_wants_one_of_its_roles_and_all_of_its_conditions() -> None:
    grant = Grant(frozenset({Role.LEAD, Role.VIEWER}), (permissions.own_company, permissions.findings_were_shared))
    assert grant.holds(LEAD, Record(company_id=3, findings_shared=True))
    assert not grant.holds(LEAD, Record(company_id=3))
    assert not grant.holds(LEAD, Record(findings_shared=True))
    assert not grant.holds(
        replace(LEAD, roles=frozenset({Role.CONTRIBUTOR})), Record(company_id=3, findings_shared=True)
    )
    assert not grant.holds(replace(LEAD, roles=frozenset()), Record(company_id=3, findings_shared=True))


def test_each_permission_is_granted_to_somebody_and_to_roles_of_known_kinds() -> None:
    assert set(PERMISSIONS) == set(Permission)
    for permission, grants in PERMISSIONS.items():
        assert grants, permission
        for grant in grants:
            assert grant.roles, permission
            assert isinstance(grant.when, tuple)


def test_a_person_of_two_roles_may_what_either_may() -> None:
    both = replace(REVIEWER, roles=frozenset({Role.READER, Role.COORDINATOR}))
    assert allows(both, Permission.CYCLE_MANAGE)
    assert not allows(replace(both, roles=frozenset({Role.READER})), Permission.CYCLE_MANAGE)


@pytest.mark.parametrize("role", Role)
def test_could_ever_forgets_the_record_and_keeps_the_role(role: Role) -> None:
    actor = replace(LEAD, roles=frozenset({role}))
    for permission, grants in PERMISSIONS.items():
        assert could_ever(actor, permission) is any(role in grant.roles for grant in grants)


def test_what_is_not_in_the_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "PERMISSIONS", {})
    for permission in Permission:
        assert allows(LEAD, permission, Record(company_id=3)) is False
        assert could_ever(LEAD, permission) is False


def test_several_grants_are_alternatives() -> None:
    administrator = replace(LEAD, kind=OrganisationKind.OPERATOR, roles=frozenset({Role.ADMINISTRATOR}))
    assert allows(administrator, Permission.PEOPLE_INVITE, Record(company_id=99))
    assert allows(LEAD, Permission.PEOPLE_INVITE, Record(company_id=3))
    assert not allows(LEAD, Permission.PEOPLE_INVITE, Record(company_id=99))


def test_kinds_know_themselves_and_share_no_role() -> None:
    assert (LEAD.is_company, LEAD.is_government) == (True, False)
    assert (REVIEWER.is_company, REVIEWER.is_government) == (False, True)
    assert sum(len(roles) for roles in ROLES_OF.values()) == len(Role)
    assert frozenset().union(*ROLES_OF.values()) == frozenset(Role)
