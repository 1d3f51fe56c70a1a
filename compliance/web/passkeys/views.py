"""Passkeys: signing in, showing again who one is, and one's own list."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid
from compliance.services.account import passkeys, sessions
from compliance.web import visits
from compliance.web.access import actor
from compliance.web.problems import message
from compliance.web.redirects import wanted
from compliance.web.sign_in.views import arrive

blueprint = Blueprint("passkeys", __name__)
Page = str | Response | tuple[str, int]


@blueprint.post("/sign-in/passkey")
def sign_in() -> Page:
    """Sign in by a passkey: it is password and second factor in one."""
    try:
        entered = passkeys.sign_in(visits.passkey_answer(), visits.source().device, now=visits.now())
    except Invalid as invalid:
        flash(message(invalid.problems[0]))
        return redirect(url_for("sign_in.password", next=wanted()), code=303)
    visits.keep(entered.key)
    return arrive(entered)


@blueprint.post("/sign-in/passkey/show")
def show() -> Page:
    """Show a passkey as the second factor, or once more before something sensitive."""
    visit = visits.visit()
    try:
        key = passkeys.show(visit, visits.passkey_answer(), now=visits.now())
    except Invalid as invalid:
        flash(message(invalid.problems[0]))
        back = "sign_in.confirm" if visit.second else "sign_in.second"
        return redirect(url_for(back, next=wanted()), code=303)
    visits.keep(key)
    return arrive(sessions.entered(visit, key))


@blueprint.route("/account/passkeys", methods=["GET", "POST"])
def index() -> Page:
    """One's passkeys, and a new one."""
    visit = visits.visit()
    if request.method == "POST":
        try:
            codes = passkeys.register(visit, request.form.get("name", ""), visits.passkey_answer(), now=visits.now())
        except Invalid as invalid:
            flash(message(invalid.problems[0]))
            return redirect(url_for("passkeys.index"), code=303)
        if codes:
            return render_template("sign_in/codes.html", codes=codes, onward=url_for("passkeys.index"))
        flash(_("The passkey is kept."))
        return redirect(url_for("passkeys.index"), code=303)
    options = passkeys.options_to_register(visit.actor, visits.challenge(), visits.base_url())
    return render_template("passkeys/index.html", rows=passkeys.own(visit.actor), options=options)


@blueprint.post("/account/passkeys/<int:number>/remove")
def remove(number: int) -> Response:
    """Take one of one's passkeys away."""
    required = visits.second_factor_required()
    try:
        passkeys.remove(actor(), number, now=visits.now(), required=required, base_url=visits.base_url())
    except Invalid as invalid:
        flash(message(invalid.problems[0]))
    else:
        flash(_("The passkey is removed."))
    return redirect(url_for("passkeys.index"), code=303)
