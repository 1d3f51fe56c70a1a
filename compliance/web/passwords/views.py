"""A forgotten password: asking for a link, and setting a new one by it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid, NotFound
from compliance.services.account import own_account
from compliance.web import visits
from compliance.web.passwords.forms import ForgottenForm, NewPasswordForm
from compliance.web.problems import attach, summary

blueprint = Blueprint("passwords", __name__, url_prefix="/password")
Page = str | Response | tuple[str, int]
_TOKEN = "password_link"  # noqa: S105 - where the token stands, not one


@blueprint.route("", methods=["GET", "POST"])
def forgotten() -> Page:
    """Ask for a link to set a new password. The answer is the same whether or not there is an account."""
    form = ForgottenForm()
    if form.is_submitted():
        own_account.ask_for_reset(
            form.email.data or "", visits.source().device, now=visits.now(), base_url=visits.base_url()
        )
        return redirect(url_for("passwords.sent"), code=303)
    return render_template("passwords/forgotten.html", form=form)


@blueprint.get("/sent")
def sent() -> str:
    """What happens next."""
    return render_template("passwords/sent.html")


@blueprint.get("/<token>")
def link(token: str) -> Response:
    """The link of the mail: the token leaves the address at once, so that no history and no log keeps it.

    Nothing is used up by opening it: mail filters open links, too.
    """
    session[_TOKEN] = token
    return redirect(url_for("passwords.new"))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Page:
    """Set the new password. Signing in follows, with the second factor."""
    token = str(session.get(_TOKEN, ""))
    if request.method == "GET" and not own_account.reset_works(token, now=visits.now()):
        return render_template("passwords/lapsed.html"), 404
    form = NewPasswordForm()
    if not form.is_submitted():
        return _page(form)
    try:
        own_account.reset(
            token,
            form.password.data or "",
            visits.passwords(),
            visits.source().device,
            now=visits.now(),
            base_url=visits.base_url(),
        )
    except NotFound:
        return render_template("passwords/lapsed.html"), 404
    except Invalid as invalid:
        attach(form, invalid.problems)
        return _page(form), 422
    session.pop(_TOKEN)
    flash(_("Your new password is set. Sign in with it."))
    return redirect(url_for("sign_in.password"), code=303)


def _page(form: NewPasswordForm) -> str:
    return render_template("passwords/new.html", form=form, errors=summary(form))
