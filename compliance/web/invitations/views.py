"""Taking up an invitation."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid, NotFound
from compliance.services.account import invitations
from compliance.web import visits
from compliance.web.invitations.forms import AcceptForm
from compliance.web.problems import attach, summary

blueprint = Blueprint("invitations", __name__, url_prefix="/invitation")
_TOKEN = "invitation"  # noqa: S105 - where the token stands, not one


@blueprint.get("/<token>")
def link(token: str) -> Response:
    """The link of the mail: the token leaves the address at once. Opening it uses nothing up."""
    with suppress(NotFound):  # a link that invites nobody signs nobody out
        invitations.open_for(token, now=visits.now())
        visits.drop()  # whoever is signed in on this device is not the person invited
    session[_TOKEN] = token
    return redirect(url_for("invitations.accept"))


@blueprint.route("", methods=["GET", "POST"])
def accept() -> str | Response | tuple[str, int]:
    """Set name and password; the second factor comes next."""
    token = str(session.get(_TOKEN, ""))
    try:
        invitation = invitations.open_for(token, now=visits.now())
    except NotFound:
        return render_template("invitations/lapsed.html"), 404
    form = AcceptForm(data={"name": invitation.user.name})
    if not form.is_submitted():
        return render_template("invitations/accept.html", form=form, errors=[], invitation=invitation)
    try:
        entered = invitations.accept(
            token,
            form.name.data or "",
            form.password.data or "",
            visits.passwords(),
            visits.source().device,
            now=visits.now(),
        )
    except NotFound:  # the same link, used twice at the same moment
        return render_template("invitations/lapsed.html"), 404
    except Invalid as invalid:
        attach(form, invalid.problems)
        page = render_template("invitations/accept.html", form=form, errors=summary(form), invitation=invitation)
        return page, 422
    visits.keep(entered.key)
    return redirect(url_for("sign_in.second"), code=303)
