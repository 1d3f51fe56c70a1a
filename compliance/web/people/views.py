"""Accounts as an administrator sees them: organisations, their people, invitations. Never any content."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.accounts import NEEDS_SECOND_PERSON
from compliance.domain.errors import Invalid
from compliance.domain.permissions import ROLES_OF, OrganisationKind
from compliance.services.account import invitations, people
from compliance.services.account.invitations import Next
from compliance.web import visits
from compliance.web.access import actor
from compliance.web.fields import whole_number
from compliance.web.people.forms import InviteForm
from compliance.web.problems import attach, message, summary

blueprint = Blueprint("people", __name__, url_prefix="/people")
Page = str | Response | tuple[str, int]


@blueprint.get("")
def index() -> str:
    """The organisations, and what waits for a second person."""
    search = request.args.get("q", "")[:100]
    page = max(1, whole_number(request.args.get("page")))
    return render_template("people/index.html", found=people.organisations(actor(), search, page))


@blueprint.get("/<slug>")
def show(slug: str) -> str:
    """The people of an organisation."""
    found = people.of_organisation(actor(), slug)
    return render_template("people/show.html", found=found, needs_second=NEEDS_SECOND_PERSON)


@blueprint.route("/<slug>/invite", methods=["GET", "POST"])
def invite(slug: str) -> Page:
    """Invite someone to a role."""
    found = people.of_organisation(actor(), slug)
    form = InviteForm(language=found.organisation.language)
    if form.is_submitted():
        try:
            next_step = invitations.invite(
                actor(), form.invited(), now=visits.now(), base_url=visits.base_url(), organisation_slug=slug
            )
        except Invalid as invalid:
            attach(form, invalid.problems)
        else:
            flash(_what_follows(next_step))
            return redirect(url_for("people.show", slug=slug), code=303)
    roles = sorted(ROLES_OF[OrganisationKind(found.organisation.kind)])
    page = render_template("people/invite.html", found=found, form=form, errors=summary(form), roles=roles)
    return page, 422 if form.is_submitted() else 200


def _what_follows(next_step: Next) -> str:
    words: dict[Next, str] = {
        Next.AGREEMENT: _("The invitation waits until another administrator agrees."),
        Next.NOTHING: _("The person has the role from now on."),
        Next.MAIL: _("The invitation goes out by e-mail."),
    }
    return words[next_step]


@blueprint.post("/invitations/<int:number>/agree")
def agree(number: int) -> Response:
    """Agree, as the second person."""
    invitations.agree(actor(), number, now=visits.now(), base_url=visits.base_url())
    flash(_("You have agreed."))
    return redirect(url_for("people.index"), code=303)


@blueprint.post("/invitations/<int:number>/refuse")
def refuse(number: int) -> Response:
    """Do not agree."""
    invitations.refuse(actor(), number, now=visits.now())
    flash(_("The invitation is refused."))
    return redirect(url_for("people.index"), code=303)


@blueprint.post("/<slug>/invitations/<int:number>/withdraw")
def withdraw(slug: str, number: int) -> Response:
    """Take an invitation back."""
    invitations.withdraw(actor(), number, now=visits.now())
    flash(_("The invitation is withdrawn."))
    return redirect(url_for("people.show", slug=slug), code=303)


@blueprint.post("/<slug>/<int:user>/close")
def close(slug: str, user: int) -> Page:
    """Close the account of someone who leaves."""
    try:
        people.close_account(actor(), user, now=visits.now())
    except Invalid as invalid:
        return _refused(slug, invalid)
    flash(_("The account no longer works. The name stays in the record."))
    return redirect(url_for("people.show", slug=slug), code=303)


@blueprint.post("/<slug>/<int:user>/take/<role>")
def take(slug: str, user: int, role: str) -> Page:
    """Take a role away."""
    try:
        people.take_role(actor(), user, role, now=visits.now())
    except Invalid as invalid:
        return _refused(slug, invalid)
    flash(_("The role is taken away. It counts from now on."))
    return redirect(url_for("people.show", slug=slug), code=303)


@blueprint.post("/<slug>/close")
def close_organisation(slug: str) -> Page:
    """Archive an organisation."""
    try:
        people.close_organisation(actor(), slug, now=visits.now())
    except Invalid as invalid:
        return _refused(slug, invalid)
    flash(_("The organisation is closed. Its record stays."))
    return redirect(url_for("people.show", slug=slug), code=303)


def _refused(slug: str, invalid: Invalid) -> tuple[str, int]:
    found = people.of_organisation(actor(), slug)
    errors = [{"text": message(problem), "href": ""} for problem in invalid.problems]
    return render_template("people/show.html", found=found, needs_second=NEEDS_SECOND_PERSON, errors=errors), 422
