"""What roles and kinds of organisations are called on pages."""

from __future__ import annotations

from flask_babel import gettext as _

from compliance.domain.permissions import OrganisationKind, Role


def role_name(role: str) -> str:
    """The name of a role in the language of the page."""
    words: dict[str, str] = {
        Role.CONTRIBUTOR: _("contributor"),
        Role.LEAD: _("lead"),
        Role.VIEWER: _("viewer"),
        Role.REVIEWER: _("reviewer"),
        Role.APPROVER: _("approver"),
        Role.COORDINATOR: _("coordinator"),
        Role.READER: _("reader"),
        Role.ADMINISTRATOR: _("administrator"),
    }
    return words[Role(role)]


def role_hint(role: str) -> str:
    """What a role may do, in a few words."""
    words: dict[str, str] = {
        Role.CONTRIBUTOR: _("answers questions"),
        Role.LEAD: _("answers, invites colleagues, signs for the company"),
        Role.VIEWER: _("reads, for example as legal counsel"),
        Role.REVIEWER: _("reviews answers and records findings"),
        Role.APPROVER: _("approves reports; a second administrator must agree"),
        Role.COORDINATOR: _("looks after cycles, companies and reminders"),
        Role.READER: _("reads released reports and the overview"),
        Role.ADMINISTRATOR: _("gives accounts and roles, sees no content; a second administrator must agree"),
    }
    return words[Role(role)]


def kind_word(kind: str) -> str:
    """The name of a kind of organisation."""
    words: dict[str, str] = {
        OrganisationKind.COMPANY: _("company"),
        OrganisationKind.GOVERNMENT: _("government"),
        OrganisationKind.OPERATOR: _("runs the installation"),
    }
    return words[OrganisationKind(kind)]
