"""Which route needs which permission. A route that is not listed here is closed, and a test says so.

The permission listed is checked for the person (does any of its roles have it at all?); the use case behind the view
checks it again for the record.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from compliance.domain.permissions import Actor, Permission, could_ever
from compliance.services import audit
from compliance.services.account.sessions import Visit
from compliance.web import unsent, visits


class Open(Enum):
    """Routes for everybody, signed in or not."""

    PUBLIC = "public"
    HALFWAY = "halfway"  # after the password, before the second factor; and signed in
    SIGNED_IN = "signed in"


ROUTES: Final[dict[str, Permission | Open]] = {
    "static": Open.PUBLIC,
    "health.healthz": Open.PUBLIC,
    "health.readyz": Open.PUBLIC,
    "sign_in.password": Open.PUBLIC,
    "sign_in.second": Open.HALFWAY,
    "sign_in.set_up": Open.HALFWAY,
    "sign_in.confirm": Open.SIGNED_IN,
    "single_sign_on.find": Open.PUBLIC,
    "single_sign_on.show": Open.PUBLIC,
    "single_sign_on.go": Open.PUBLIC,
    "single_sign_on.back": Open.PUBLIC,
    "passkeys.sign_in": Open.PUBLIC,
    "passkeys.show": Open.HALFWAY,
    "passkeys.index": Permission.OWN_ACCOUNT,
    "passkeys.remove": Permission.OWN_ACCOUNT,
    "sign_in.held": Open.SIGNED_IN,
    "sign_out.index": Open.PUBLIC,
    "home.index": Open.SIGNED_IN,
    "passwords.forgotten": Open.PUBLIC,
    "passwords.sent": Open.PUBLIC,
    "passwords.link": Open.PUBLIC,
    "passwords.new": Open.PUBLIC,
    "invitations.link": Open.PUBLIC,
    "invitations.accept": Open.PUBLIC,
    "accounts.account": Permission.OWN_ACCOUNT,
    "accounts.password": Permission.OWN_ACCOUNT,
    "accounts.address": Permission.OWN_ACCOUNT,
    "accounts.address_link": Permission.OWN_ACCOUNT,
    "accounts.new_address": Permission.OWN_ACCOUNT,
    "accounts.own_sessions": Permission.OWN_ACCOUNT,
    "accounts.end_session": Permission.OWN_ACCOUNT,
    "accounts.codes": Permission.OWN_ACCOUNT,
    "accounts.remove_app": Permission.OWN_ACCOUNT,
    # an administrator's path
    "people.index": Permission.ACCOUNTS_MANAGE,
    "people.show": Permission.ACCOUNTS_MANAGE,
    "people.invite": Permission.PEOPLE_INVITE,
    "people.agree": Permission.INVITATION_AGREE,
    "people.refuse": Permission.INVITATION_AGREE,
    "people.withdraw": Permission.PEOPLE_INVITE,
    "people.close": Permission.PEOPLE_CLOSE,
    "people.take": Permission.PEOPLE_CLOSE,
    "people.close_organisation": Permission.ACCOUNTS_MANAGE,
    "single_sign_on.configure": Permission.ACCOUNTS_MANAGE,
    "single_sign_on.remove": Permission.ACCOUNTS_MANAGE,
    "framework.show": Permission.FRAMEWORK_VIEW,
    # a company's path
    "profiles.index": Permission.SERVICES_VIEW,
    "profiles.new": Permission.SERVICES_EDIT,
    "profiles.edit": Permission.SERVICES_EDIT,
    "assessments.accept": Permission.ASSESSMENT_START,
    "assessments.decline": Permission.ASSESSMENT_START,
    "sharing.show": Permission.SHARING_VIEW,
    "assessments.tasks": Permission.ASSESSMENT_VIEW,
    "assessments.check": Permission.ASSESSMENT_VIEW,
    "assessments.sign": Permission.ASSESSMENT_SIGN,
    "assessments.receipt": Permission.ASSESSMENT_VIEW,
    "assessments.sealed": Permission.ASSESSMENT_VIEW,
    "questions.company": Permission.ASSESSMENT_VIEW,
    "questions.service": Permission.ASSESSMENT_VIEW,
    "exchange.questions": Permission.ASSESSMENT_VIEW,
    "exchange.question": Permission.ASSESSMENT_VIEW,
    "exchange.findings": Permission.FINDINGS_READ,
    "exchange.finding": Permission.FINDINGS_READ,
    "exchange.send": Permission.REPLY_SEND,
    "assessments.carry": Permission.ANSWER_EDIT,
    "assessments.changes": Permission.ASSESSMENT_VIEW,
    "assessments.redacted": Permission.ASSESSMENT_VIEW,
    "answers.history": Permission.ASSESSMENT_VIEW,
    "answers.note": Permission.NOTE_WRITE,
    "answers.assign": Permission.WORK_ASSIGN,
    "answers.ask": Permission.INQUIRY_ASK,
    "answers.copy": Permission.ANSWER_EDIT,
    "answers.numbers": Permission.ANSWER_EDIT,
    "asking.index": Permission.ASSESSMENT_VIEW,
    "asking.more_time": Permission.EXTENSION_ASK,
    "team.index": Permission.TEAM_VIEW,
    "team.invite": Permission.TEAM_MANAGE,
    "team.end": Permission.TEAM_MANAGE,
    "team.work": Permission.ASSESSMENT_VIEW,
    # government's path
    "asking.led": Permission.INQUIRY_REPLY,
    "asking.reply": Permission.INQUIRY_REPLY,
    "documents.index": Permission.DOCUMENT_VIEW,
    "documents.download": Permission.DOCUMENT_VIEW,
    "documents.set_aside": Permission.DOCUMENT_EDIT,
    "workbooks.upload": Permission.ASSESSMENT_VIEW,
    "workbooks.file": Permission.ASSESSMENT_VIEW,
    "workbooks.preview": Permission.ANSWER_EDIT,
    "workbooks.save": Permission.ANSWER_EDIT,
    "afterwards.index": Permission.ASSESSMENT_SIGN,
    "afterwards.changes": Permission.ASSESSMENT_VIEW,
    "afterwards.shown_changes": Permission.SUBMISSION_VIEW,
    "assessments.paper": Permission.ASSESSMENT_VIEW,
    # government's path
    "documents.shown": Permission.SUBMISSION_VIEW,
    "documents.shown_set_aside": Permission.SUBMISSION_VIEW,
    "companies.index": Permission.PORTFOLIO_VIEW,
    "companies.show": Permission.PORTFOLIO_VIEW,
    "cycles.index": Permission.CYCLE_VIEW,
    "cycles.new": Permission.CYCLE_MANAGE,
    "cycles.show": Permission.CYCLE_VIEW,
    "cycles.reminder_plan": Permission.CYCLE_VIEW,
    "cycles.invite": Permission.CYCLE_MANAGE,
    "cycles.close": Permission.CYCLE_MANAGE,
    "cycles.extend": Permission.DUE_DATE_GRANT,
    "portfolio.heatmap": Permission.PORTFOLIO_VIEW,
    "portfolio.heatmap_file": Permission.PORTFOLIO_VIEW,
    "portfolio.overview": Permission.PORTFOLIO_VIEW,
    "portfolio.metrics": Permission.PORTFOLIO_VIEW,
    "portfolio.metrics_file": Permission.PORTFOLIO_VIEW,
    "portfolio.keep": Permission.PORTFOLIO_VIEW,
    "portfolio.forget": Permission.PORTFOLIO_VIEW,
    "corrections.own": Permission.OWN_RECORD_VIEW,
    "corrections.propose": Permission.CORRECTION_PROPOSE,
    "corrections.decide": Permission.CORRECTION_DECIDE,
    "companies.gaps": Permission.GAPS_VIEW,
    "public_record.index": Permission.PUBLIC_RECORD_VIEW,
    "public_record.new": Permission.PUBLIC_RECORD_EDIT,
    "reviews.index": Permission.SUBMISSION_VIEW,
    "reviews.company": Permission.SUBMISSION_VIEW,
    "reviews.service": Permission.SUBMISSION_VIEW,
    "reviews.assign": Permission.REVIEW_ASSIGN,
    "reviews.unassign": Permission.SUBMISSION_VIEW,
    "reviews.share_note": Permission.REVIEW_NOTE,
    "reviews.drop": Permission.CLARIFICATION_EDIT,
    "disputes.index": Permission.SUBMISSION_VIEW,
    "disputes.write": Permission.CLARIFICATION_EDIT,
    "disputes.end": Permission.CLARIFICATION_EDIT,
    "steps.index": Permission.SUBMISSION_VIEW,
    "steps.take": Permission.SUBMISSION_VIEW,
    "queue.index": Permission.REVIEW_QUEUE,
    "queue.decide": Permission.DUE_DATE_GRANT,
    "gaps.company": Permission.GAPS_VIEW,
    "gaps.service": Permission.GAPS_VIEW,
    "engagements.index": Permission.ENGAGEMENT_VIEW,
    "engagements.new": Permission.ENGAGEMENT_EDIT,
    "engagements.show": Permission.ENGAGEMENT_VIEW,
    # both sides
    "commitments.own": Permission.COMMITMENT_VIEW,
    "commitments.index": Permission.COMMITMENT_VIEW,
    "commitments.new": Permission.COMMITMENT_PROPOSE,
    "commitments.show": Permission.COMMITMENT_VIEW,
    "briefs.show": Permission.REPORT_BUILD,
    "briefs.file": Permission.REPORT_BUILD,
    "feedback.index": Permission.REPORT_FETCH,
    "feedback.show": Permission.REPORT_FETCH,
    "feedback.file": Permission.REPORT_FETCH,
    "reports.index": Permission.REPORT_READ,
    "reports.new": Permission.REPORT_WRITE,
    "reports.show": Permission.REPORT_READ,
    "reports.preview": Permission.REPORT_READ,
    "reports.file": Permission.REPORT_READ,
    "reports.compare": Permission.REPORT_READ,
    "reports.text": Permission.REPORT_WRITE,
    "reports.asks": Permission.REPORT_WRITE,
    "reports.handling": Permission.REPORT_WRITE,
    "reports.submit": Permission.REPORT_WRITE,
    "reports.take_back": Permission.REPORT_WRITE,
    "reports.approve": Permission.REPORT_APPROVE,
    "reports.send_back": Permission.REPORT_RELEASE,
    "reports.release": Permission.REPORT_RELEASE,
    "reports.withdraw": Permission.REPORT_READ,
    "reports.batch_index": Permission.REPORT_BATCH,
    "reports.batch": Permission.REPORT_BATCH,
    "reports.batch_zip": Permission.REPORT_BATCH,
    # everyone who answers for an organisation
    "audit.index": Permission.TRAIL_VIEW,
    "audit.file": Permission.TRAIL_VIEW,
    "reminders.index": Permission.REMINDERS_VIEW,
    "reminders.messages": Permission.REMINDERS_VIEW,
    "reminders.message": Permission.REMINDERS_VIEW,
    "reminders.retry": Permission.REMINDERS_MANAGE,
    "reminders.send_now": Permission.REMINDERS_MANAGE,
    "reminders.calls": Permission.REMINDERS_VIEW,
    "reminders.company": Permission.REMINDERS_VIEW,
    "reminders.remind_now": Permission.REMINDERS_MANAGE,
    "reminders.pause": Permission.REMINDERS_MANAGE,
    "reminders.pause_all": Permission.REMINDERS_PAUSE_ALL,
    "contacts.index": Permission.CONTACTS_EDIT,
    "contacts.end": Permission.CONTACTS_EDIT,
    # one's own mail; the last three are opened by mail and calendar programs and carry a secret of their own
    "mail_settings.preferences": Permission.OWN_ACCOUNT,
    "mail_settings.new_calendar": Permission.OWN_ACCOUNT,
    "mail_settings.end_calendar": Permission.OWN_ACCOUNT,
    "mail_settings.calendar": Open.PUBLIC,
    "mail_settings.stopping": Open.PUBLIC,
    "mail_settings.stop": Open.PUBLIC,
    # demo mode
    "mails.index": Permission.DEMO_MAIL_VIEW,
    "mails.show": Permission.DEMO_MAIL_VIEW,
}


#: What publishes, gives roles or takes data out asks again who the person is, when they last showed it long ago.
STEP_UP: Final = frozenset(
    {
        "briefs.file",
        "reports.approve",
        "reports.release",
        "reports.withdraw",
        "reports.file",
        "reports.batch_zip",
        "portfolio.heatmap_file",
        "portfolio.metrics_file",
        "audit.file",
        "accounts.address",
        "accounts.new_address",
        "accounts.codes",
        "passkeys.index",
        "passkeys.remove",
        "accounts.remove_app",
        "people.invite",
        "people.agree",
        "people.refuse",
        "people.withdraw",
        "people.close",
        "people.take",
        "people.close_organisation",
        "single_sign_on.configure",
        "single_sign_on.remove",
    }
)
#: Changes that carry no form token, because no cookie speaks for them: what they carry is proof of its own.
CSRF_EXEMPT: Final[frozenset[str]] = frozenset(
    {
        "mail_settings.stop",  # one click in a mail program (RFC 8058): the link is signed and speaks for one person
    }
)


def install(app: Flask) -> None:
    """Guard every request before any view runs."""
    app.before_request(_guard)


def exempt(app: Flask) -> None:
    """Take the form token off the changes of CSRF_EXEMPT, and off no other; call it when all routes are there."""
    for endpoint in CSRF_EXEMPT:
        app.extensions["csrf"].exempt(app.view_functions[endpoint])


def actor() -> Actor:
    """The signed-in person; only called in views behind the guard."""
    found: Actor | None = g.get("actor")
    if found is None:
        abort(403)
    return found


def _guard() -> Response | None:
    endpoint = request.endpoint
    audit.origin.set(request.remote_addr or "")
    if endpoint == "static":
        return None
    g.visit = visit = visits.load()
    g.actor = visit.actor if visit is not None and visit.is_open() else None
    if endpoint is None:
        return None  # no such page: the router answers 404, in the person's language
    needed = ROUTES.get(endpoint)
    if needed is None:
        current_app.logger.error(
            "route %s is not in the access list of web/access.py and is therefore closed", endpoint
        )
        abort(403)
    if needed is Open.PUBLIC or (needed is Open.HALFWAY and visit is not None and visit.over is None):
        return None
    if g.actor is None:
        return _to_sign_in(visit)
    if isinstance(needed, Permission) and not could_ever(g.actor, needed):
        abort(403)
    return _to_confirm(visit) if endpoint in STEP_UP and visit is not None else None


def _to_sign_in(visit: Visit | None) -> Response:
    """To the sign-in and back. A form whose session has run out in the meantime is kept for its sender.

    Where nobody can tell whose form it is, its text is shown to be copied.
    """
    if visit is not None and visit.over is None:
        return redirect(url_for("sign_in.second", next=_this_page()))
    if request.method == "POST":
        if visit is not None and visit.second:
            visits.hold_form(visit)
        elif unsent.texts():
            return unsent.signed_out()
    return redirect(url_for("sign_in.password", next=_this_page()))


def _to_confirm(visit: Visit) -> Response | None:
    """To where the person shows again who they are, when it is long since they did."""
    if visit.is_fresh(visits.now()) or not visits.second_factor_required():
        return None
    if request.method == "POST":
        visits.hold_form(visit)
    return redirect(url_for("sign_in.confirm", next=_this_page()))


def _this_page() -> str | None:
    """The page to come back to; None for an address that only takes forms."""
    methods = request.url_rule.methods if request.url_rule else None
    return request.full_path.rstrip("?") if methods and "GET" in methods else None
