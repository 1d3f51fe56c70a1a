"""Who may do what: one table of named predicates, read as prose, testable without a request.

A permission lists grants; a grant names the roles that may and the conditions that must hold for the record.
Nothing is allowed that is not listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from compliance.domain.assessments import EDITABLE, State


class OrganisationKind(StrEnum):
    COMPANY = "company"
    GOVERNMENT = "government"
    OPERATOR = "operator"  # who runs the installation; sees no content


class Role(StrEnum):
    # in a company
    CONTRIBUTOR = "contributor"
    LEAD = "lead"
    VIEWER = "viewer"
    # in a government department
    REVIEWER = "reviewer"
    APPROVER = "approver"
    COORDINATOR = "coordinator"
    READER = "reader"
    # of the installation
    ADMINISTRATOR = "administrator"


#: Which roles an organisation may give.
ROLES_OF: Final[Mapping[OrganisationKind, frozenset[Role]]] = {
    OrganisationKind.COMPANY: frozenset({Role.CONTRIBUTOR, Role.LEAD, Role.VIEWER}),
    OrganisationKind.GOVERNMENT: frozenset({Role.REVIEWER, Role.APPROVER, Role.COORDINATOR, Role.READER}),
    OrganisationKind.OPERATOR: frozenset({Role.ADMINISTRATOR}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person in one organisation. `country` is the government's country code, None for a company."""

    user_id: int
    name: str
    organisation_id: int
    organisation_name: str
    kind: OrganisationKind
    country: str | None
    roles: frozenset[Role]
    language: str = "en"

    @property
    def is_company(self) -> bool:
        return self.kind is OrganisationKind.COMPANY

    @property
    def is_government(self) -> bool:
        return self.kind is OrganisationKind.GOVERNMENT


@dataclass(frozen=True, slots=True)
class Record:
    """What the conditions need to know about the record acted on.

    `countries` are those that may see the company's content in the cycle: the lead country and those it named.
    `question` is the answer acted on (service slug or None, and indicator); `open_questions` are those that an open
    clarification names, the only ones that are open while the assessment is returned. `country` is the government
    whose own record it is, `author_id` who made it, `about_id` the person it is about.
    """

    company_id: int | None = None
    lead_country: str | None = None
    countries: frozenset[str] = field(default_factory=frozenset)
    state: State | None = None
    has_submission: bool = False
    cycle_closed: bool = False
    amending: bool = False
    question: tuple[str | None, str] | None = None
    open_questions: frozenset[tuple[str | None, str]] = field(default_factory=frozenset)
    findings_shared: bool = False
    country: str | None = None
    author_id: int | None = None
    about_id: int | None = None
    # of a report
    was_released: bool = False  # whatever became of it since
    writers: frozenset[int] = field(default_factory=frozenset)


NO_RECORD: Final = Record()


class Permission(StrEnum):
    # company
    SERVICES_VIEW = "services_view"
    SERVICES_EDIT = "services_edit"
    ASSESSMENT_VIEW = "assessment_view"
    ASSESSMENT_START = "assessment_start"
    ANSWER_EDIT = "answer_edit"
    DOCUMENT_VIEW = "document_view"
    DOCUMENT_EDIT = "document_edit"
    ASSESSMENT_SIGN = "assessment_sign"
    WORK_ASSIGN = "work_assign"
    NOTE_WRITE = "note_write"
    TEAM_VIEW = "team_view"
    TEAM_MANAGE = "team_manage"
    INQUIRY_ASK = "inquiry_ask"
    EXTENSION_ASK = "extension_ask"
    OWN_RECORD_VIEW = "own_record_view"
    CORRECTION_PROPOSE = "correction_propose"
    SHARING_VIEW = "sharing_view"
    SHARING_EDIT = "sharing_edit"
    FINDINGS_READ = "findings_read"
    REPLY_EDIT = "reply_edit"
    REPLY_SEND = "reply_send"
    COMMITMENT_VIEW = "commitment_view"  # both sides
    COMMITMENT_PROPOSE = "commitment_propose"
    COMMITMENT_MOVE = "commitment_move"
    # government
    PORTFOLIO_VIEW = "portfolio_view"
    SUBMISSION_VIEW = "submission_view"
    FINDING_EDIT = "finding_edit"
    INQUIRY_REPLY = "inquiry_reply"
    FINDING_REVISE = "finding_revise"
    CLARIFICATION_EDIT = "clarification_edit"
    ASSESSMENT_RETURN = "assessment_return"
    FINDINGS_SHARE = "findings_share"
    ASSESSMENT_CONCLUDE = "assessment_conclude"
    ASSESSMENT_REOPEN = "assessment_reopen"
    REVIEW_ASSIGN = "review_assign"
    REVIEW_QUEUE = "review_queue"
    REVIEW_NOTE = "review_note"
    GAPS_VIEW = "gaps_view"
    GAP_ACCEPT = "gap_accept"
    GAP_ACCEPT_APPROVE = "gap_accept_approve"
    ENGAGEMENT_VIEW = "engagement_view"
    ENGAGEMENT_EDIT = "engagement_edit"
    PUBLIC_RECORD_VIEW = "public_record_view"
    PUBLIC_RECORD_EDIT = "public_record_edit"
    CORRECTION_DECIDE = "correction_decide"
    REPORT_BUILD = "report_build"
    # accounts
    PEOPLE_INVITE = "people_invite"
    PEOPLE_CLOSE = "people_close"
    INVITATION_AGREE = "invitation_agree"
    ACCOUNTS_MANAGE = "accounts_manage"
    REPORT_BUILD_ACROSS = "report_build_across"
    REPORT_READ = "report_read"
    REPORT_WRITE = "report_write"
    REPORT_APPROVE = "report_approve"
    REPORT_RELEASE = "report_release"
    REPORT_BATCH = "report_batch"
    REPORT_LOG_VIEW = "report_log_view"
    REPORT_FETCH = "report_fetch"  # by the company that it is about
    REMINDERS_VIEW = "reminders_view"
    REMINDERS_MANAGE = "reminders_manage"
    REMINDERS_PAUSE_ALL = "reminders_pause_all"
    # company and its lead country
    CONTACTS_EDIT = "contacts_edit"
    CYCLE_VIEW = "cycle_view"
    CYCLE_MANAGE = "cycle_manage"
    DUE_DATE_GRANT = "due_date_grant"
    # everyone signed in
    FRAMEWORK_VIEW = "framework_view"
    OWN_ACCOUNT = "own_account"
    # who answers for an organisation
    TRAIL_VIEW = "trail_view"
    # demo
    DEMO_MAIL_VIEW = "demo_mail_view"


Condition = Callable[[Actor, Record], bool]


def own_company(actor: Actor, record: Record) -> bool:
    """The record belongs to the person's company."""
    return record.company_id == actor.organisation_id


def in_lead_country(actor: Actor, record: Record) -> bool:
    """The person's government leads on the company."""
    return actor.country is not None and actor.country == record.lead_country


def shared_with_country(actor: Actor, record: Record) -> bool:
    """The company's content in this cycle is shared with the person's government."""
    return actor.country is not None and actor.country in record.countries


def open_for_answers(_actor: Actor, record: Record) -> bool:
    """The company may still change the answer: any in a draft or an amendment, while returned those asked about."""
    if record.state is State.RETURNED:
        return record.question in record.open_questions
    amended = record.state is State.SUBMITTED and record.amending
    return (record.state in EDITABLE or amended) and not record.cycle_closed


def submitted(_actor: Actor, record: Record) -> bool:
    """There is a sealed copy to look at."""
    return record.has_submission and record.state is not State.WITHDRAWN


def open_for_findings(_actor: Actor, record: Record) -> bool:
    """Findings may still change: they were not shared with the company yet."""
    return record.state in (State.SUBMITTED, State.RETURNED)


def under_review(_actor: Actor, record: Record) -> bool:
    """The ball is with government: something was submitted, and its findings were not shared yet."""
    return record.state is State.SUBMITTED


def returned(_actor: Actor, record: Record) -> bool:
    """The ball is with the company, for the answers that were asked about."""
    return record.state is State.RETURNED


def findings_are_shared(_actor: Actor, record: Record) -> bool:
    """Findings were shared with the company: from here on each change is a new version."""
    return record.state in (State.FINDINGS_SHARED, State.CONCLUDED)


def awaiting_reply(_actor: Actor, record: Record) -> bool:
    """Findings were shared, and the exchange is not concluded."""
    return record.state is State.FINDINGS_SHARED


def concluded(_actor: Actor, record: Record) -> bool:
    """The exchange is over."""
    return record.state is State.CONCLUDED


def findings_were_shared(_actor: Actor, record: Record) -> bool:
    """At some time findings were shared: the company goes on seeing those, whatever came after."""
    return record.findings_shared


def past_submission(_actor: Actor, record: Record) -> bool:
    """Something was submitted in the cycle, and not withdrawn."""
    return record.state not in (None, State.DRAFT, State.WITHDRAWN)


def own_country(actor: Actor, record: Record) -> bool:
    """The record is of the person's own government."""
    return actor.country is not None and actor.country == record.country


def made_by_another(actor: Actor, record: Record) -> bool:
    """Nobody approves what they proposed."""
    return record.author_id != actor.user_id


def about_another(actor: Actor, record: Record) -> bool:
    """Nobody gives themselves a role, and nobody closes the account they are using."""
    return record.about_id != actor.user_id


def was_released(_actor: Actor, record: Record) -> bool:
    """The report was released, whatever became of it since."""
    return record.was_released


def not_a_writer(actor: Actor, record: Record) -> bool:
    """The person wrote nothing in the report: whoever writes never approves."""
    return actor.user_id not in record.writers


@dataclass(frozen=True, slots=True)
class Grant:
    roles: frozenset[Role]
    when: tuple[Condition, ...] = ()

    def holds(self, actor: Actor, record: Record) -> bool:
        return bool(self.roles & actor.roles) and all(condition(actor, record) for condition in self.when)


def _grant(*roles: Role, when: tuple[Condition, ...] = ()) -> Grant:  # pragma: no mutate - only runs at import
    return Grant(frozenset(roles), when)


_COMPANY = (Role.CONTRIBUTOR, Role.LEAD, Role.VIEWER)
_GOVERNMENT = (Role.REVIEWER, Role.APPROVER, Role.COORDINATOR, Role.READER)
_BENCH = (Role.REVIEWER, Role.APPROVER, Role.COORDINATOR)

PERMISSIONS: Final[Mapping[Permission, tuple[Grant, ...]]] = {
    Permission.SERVICES_VIEW: (_grant(*_COMPANY, when=(own_company,)),),
    Permission.SERVICES_EDIT: (_grant(Role.CONTRIBUTOR, Role.LEAD, when=(own_company,)),),
    Permission.ASSESSMENT_VIEW: (_grant(*_COMPANY, when=(own_company,)),),
    Permission.ASSESSMENT_START: (_grant(Role.LEAD, when=(own_company,)),),
    Permission.ANSWER_EDIT: (_grant(Role.CONTRIBUTOR, Role.LEAD, when=(own_company, open_for_answers)),),
    Permission.DOCUMENT_VIEW: (_grant(*_COMPANY, when=(own_company,)),),
    Permission.DOCUMENT_EDIT: (_grant(Role.CONTRIBUTOR, Role.LEAD, when=(own_company,)),),
    Permission.ASSESSMENT_SIGN: (_grant(Role.LEAD, when=(own_company,)),),
    Permission.WORK_ASSIGN: (_grant(Role.CONTRIBUTOR, Role.LEAD, when=(own_company,)),),
    Permission.NOTE_WRITE: (_grant(*_COMPANY, when=(own_company,)),),
    Permission.TEAM_VIEW: (_grant(*_COMPANY, when=(own_company,)),),
    Permission.TEAM_MANAGE: (_grant(Role.LEAD, when=(own_company,)),),
    Permission.INQUIRY_ASK: (_grant(*_COMPANY, when=(own_company,)),),
    Permission.EXTENSION_ASK: (_grant(Role.LEAD, when=(own_company,)),),
    Permission.SHARING_VIEW: (_grant(*_COMPANY, when=(own_company,)),),
    Permission.SHARING_EDIT: (_grant(Role.LEAD, when=(own_company,)),),
    Permission.INQUIRY_REPLY: (_grant(Role.REVIEWER, Role.COORDINATOR, when=(in_lead_country,)),),
    Permission.FINDINGS_READ: (_grant(*_COMPANY, when=(own_company, findings_were_shared)),),
    Permission.REPLY_EDIT: (_grant(Role.CONTRIBUTOR, Role.LEAD, when=(own_company, findings_are_shared)),),
    Permission.REPLY_SEND: (_grant(Role.LEAD, when=(own_company, findings_are_shared)),),
    Permission.OWN_RECORD_VIEW: (_grant(*_COMPANY, when=(own_company,)),),
    Permission.CORRECTION_PROPOSE: (_grant(Role.CONTRIBUTOR, Role.LEAD, when=(own_company,)),),
    Permission.COMMITMENT_VIEW: (
        _grant(*_COMPANY, when=(own_company,)),
        _grant(*_BENCH, when=(shared_with_country,)),
    ),
    Permission.COMMITMENT_PROPOSE: (
        _grant(Role.CONTRIBUTOR, Role.LEAD, when=(own_company, past_submission)),
        _grant(Role.REVIEWER, when=(in_lead_country, shared_with_country, past_submission)),
    ),
    Permission.COMMITMENT_MOVE: (
        _grant(Role.LEAD, when=(own_company,)),
        _grant(Role.REVIEWER, when=(in_lead_country, shared_with_country)),
    ),
    Permission.PORTFOLIO_VIEW: (_grant(*_GOVERNMENT),),
    Permission.SUBMISSION_VIEW: (_grant(*_BENCH, when=(shared_with_country, submitted)),),
    Permission.FINDING_EDIT: (_grant(Role.REVIEWER, when=(in_lead_country, submitted, open_for_findings)),),
    Permission.FINDING_REVISE: (_grant(Role.REVIEWER, when=(in_lead_country, findings_are_shared)),),
    Permission.CLARIFICATION_EDIT: (_grant(Role.REVIEWER, when=(in_lead_country, submitted, open_for_findings)),),
    Permission.ASSESSMENT_RETURN: (_grant(Role.REVIEWER, when=(in_lead_country, open_for_findings)),),
    Permission.FINDINGS_SHARE: (_grant(Role.REVIEWER, Role.APPROVER, when=(in_lead_country, under_review)),),
    Permission.ASSESSMENT_CONCLUDE: (_grant(Role.REVIEWER, Role.APPROVER, when=(in_lead_country, awaiting_reply)),),
    Permission.ASSESSMENT_REOPEN: (_grant(Role.COORDINATOR, when=(in_lead_country, concluded)),),
    Permission.REVIEW_ASSIGN: (_grant(Role.REVIEWER, Role.COORDINATOR, when=(in_lead_country, past_submission)),),
    Permission.REVIEW_QUEUE: (_grant(Role.REVIEWER, Role.COORDINATOR),),
    Permission.REVIEW_NOTE: (_grant(Role.REVIEWER, Role.APPROVER, when=(shared_with_country, past_submission)),),
    Permission.GAPS_VIEW: (_grant(*_BENCH, when=(shared_with_country,)),),
    Permission.GAP_ACCEPT: (_grant(Role.REVIEWER, when=(in_lead_country, shared_with_country)),),
    Permission.GAP_ACCEPT_APPROVE: (_grant(Role.APPROVER, when=(in_lead_country, made_by_another)),),
    Permission.ENGAGEMENT_VIEW: (_grant(*_BENCH, when=(shared_with_country, own_country)),),
    Permission.ENGAGEMENT_EDIT: (_grant(Role.REVIEWER, Role.COORDINATOR, when=(shared_with_country, own_country)),),
    Permission.PUBLIC_RECORD_VIEW: (_grant(*_BENCH),),
    Permission.PUBLIC_RECORD_EDIT: (_grant(Role.REVIEWER, Role.COORDINATOR),),
    Permission.CORRECTION_DECIDE: (_grant(Role.REVIEWER, Role.COORDINATOR, when=(in_lead_country,)),),
    Permission.REPORT_BUILD: (_grant(Role.REVIEWER, Role.APPROVER, when=(shared_with_country,)),),
    Permission.PEOPLE_INVITE: (_grant(Role.LEAD, when=(own_company,)), _grant(Role.ADMINISTRATOR)),
    Permission.PEOPLE_CLOSE: (
        _grant(Role.LEAD, when=(own_company, about_another)),
        _grant(Role.ADMINISTRATOR, when=(about_another,)),
    ),
    Permission.INVITATION_AGREE: (_grant(Role.ADMINISTRATOR, when=(made_by_another, about_another)),),
    Permission.ACCOUNTS_MANAGE: (_grant(Role.ADMINISTRATOR),),
    Permission.REPORT_BUILD_ACROSS: (_grant(*_BENCH),),
    Permission.REPORT_READ: (
        _grant(*_BENCH, when=(own_country,)),
        _grant(Role.READER, when=(own_country, was_released)),
    ),
    Permission.REPORT_WRITE: (_grant(Role.REVIEWER, Role.APPROVER, when=(own_country,)),),
    Permission.REPORT_APPROVE: (_grant(Role.APPROVER, when=(own_country, not_a_writer)),),
    Permission.REPORT_RELEASE: (_grant(Role.APPROVER, when=(own_country,)),),
    Permission.REPORT_BATCH: (_grant(Role.REVIEWER, Role.APPROVER),),
    Permission.REPORT_LOG_VIEW: (_grant(*_BENCH, when=(own_country,)),),
    Permission.REPORT_FETCH: (_grant(*_COMPANY, when=(own_company, was_released)),),
    Permission.REMINDERS_VIEW: (_grant(Role.REVIEWER, Role.APPROVER, Role.COORDINATOR, when=(in_lead_country,)),),
    Permission.REMINDERS_MANAGE: (_grant(Role.COORDINATOR, when=(in_lead_country,)),),
    Permission.REMINDERS_PAUSE_ALL: (_grant(Role.COORDINATOR),),
    Permission.CONTACTS_EDIT: (
        _grant(Role.LEAD, when=(own_company,)),
        _grant(Role.COORDINATOR, when=(in_lead_country,)),
    ),
    Permission.CYCLE_VIEW: (_grant(*_GOVERNMENT),),
    Permission.CYCLE_MANAGE: (_grant(Role.COORDINATOR),),
    Permission.DUE_DATE_GRANT: (_grant(Role.COORDINATOR, when=(in_lead_country,)),),
    Permission.FRAMEWORK_VIEW: (_grant(*_COMPANY, *_GOVERNMENT, Role.ADMINISTRATOR),),
    Permission.OWN_ACCOUNT: (_grant(*_COMPANY, *_GOVERNMENT, Role.ADMINISTRATOR),),
    Permission.TRAIL_VIEW: (_grant(Role.LEAD, Role.VIEWER, *_BENCH, Role.ADMINISTRATOR),),
    Permission.DEMO_MAIL_VIEW: (_grant(*_COMPANY, *_GOVERNMENT, Role.ADMINISTRATOR),),
}


def allows(actor: Actor, permission: Permission, record: Record = NO_RECORD) -> bool:
    """May `actor` use `permission` on `record`?"""
    return any(grant.holds(actor, record) for grant in PERMISSIONS.get(permission, ()))


def could_ever(actor: Actor, permission: Permission) -> bool:
    """Does the person hold a role that has `permission` on some record? What a page's menu and its guard ask."""
    return any(grant.roles & actor.roles for grant in PERMISSIONS.get(permission, ()))
