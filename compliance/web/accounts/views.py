"""One's own account: language and times, password, address, second factors, sessions."""

from __future__ import annotations

from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid, NotFound
from compliance.services.account import choices, own_account, second_factors, sessions
from compliance.services.account.sessions import Entered
from compliance.web import visits
from compliance.web.access import actor
from compliance.web.accounts.forms import AccountForm, NewAddressForm, PasswordForm
from compliance.web.problems import attach, message, summary

blueprint = Blueprint("accounts", __name__)
Page = str | Response | tuple[str, int]
_TOKEN = "address_link"  # noqa: S105 - where the token stands, not one


@blueprint.route("/account", methods=["GET", "POST"])
def account() -> Page:
    """Choose language and time zone; the way to everything else."""
    person = actor()
    found = choices.own(person)
    form = AccountForm(language=person.language, time_zone=found.time_zone or "")
    if form.validate_on_submit():
        try:
            choices.choose(person, form.language.data, form.time_zone.data, now=visits.now())
        except Invalid as invalid:
            attach(form, invalid.problems)
        else:
            session["language"] = form.language.data
            with force_locale(form.language.data):
                flash(_("Your choices are saved."))
            return redirect(url_for("accounts.account"), code=303)
    zones = [("", _("that of the organisation")), *((zone, zone.replace("_", " ")) for zone in time_zones())]
    factors = second_factors.factors(person.user_id)
    return render_template("accounts/account.html", form=form, found=found, zones=zones, factors=factors)


def time_zones() -> list[str]:
    """The time zones of places, without the old names and the technical ones."""
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return [*sorted(zone for zone in available_timezones() if zone.startswith(regions)), "UTC"]


@blueprint.route("/account/password", methods=["GET", "POST"])
def password() -> Page:
    """Set a new password by showing the old one."""
    form = PasswordForm()
    if not form.is_submitted():
        return render_template("accounts/password.html", form=form, errors=[])
    visit = visits.visit()
    try:
        marker = own_account.change_password(
            visit,
            form.old.data or "",
            form.password.data or "",
            visits.passwords(),
            now=visits.now(),
            base_url=visits.base_url(),
        )
    except Invalid as invalid:
        attach(form, invalid.problems)
        return render_template("accounts/password.html", form=form, errors=summary(form)), 422
    flash(_("Your new password is set. Your other sessions have ended."))
    response = redirect(url_for("accounts.account"), code=303)
    return visits.mark_device(response, Entered("", visit.actor.user_id, marker, second_needed=False))


@blueprint.route("/account/address", methods=["GET", "POST"])
def address() -> Page:
    """Ask for another address: a link goes to it."""
    form = NewAddressForm()
    if form.is_submitted():
        try:
            own_account.ask_for_new_address(
                actor(), form.email.data or "", now=visits.now(), base_url=visits.base_url()
            )
        except Invalid as invalid:
            attach(form, invalid.problems)
            return render_template("accounts/address.html", form=form, errors=summary(form)), 422
        flash(_("A link is on its way to the new address. Until you open it, your address stays as it is."))
        return redirect(url_for("accounts.account"), code=303)
    return render_template("accounts/address.html", form=form, errors=[])


@blueprint.get("/address/<token>")
def address_link(token: str) -> Response:
    """The link of the mail: the token leaves the address at once. Opening it uses nothing up."""
    session[_TOKEN] = token
    return redirect(url_for("accounts.new_address"))


@blueprint.route("/account/address/new", methods=["GET", "POST"])
def new_address() -> Page:
    """Take the new address."""
    token = str(session.get(_TOKEN, ""))
    if not token:
        return redirect(url_for("accounts.address"))
    form = NewAddressForm()
    if not form.is_submitted():
        return render_template("accounts/new_address.html", form=form)
    session.pop(_TOKEN)
    try:
        own_account.new_address(actor(), token, now=visits.now(), base_url=visits.base_url())
    except NotFound:
        return render_template("passwords/lapsed.html"), 404
    flash(_("Your new address counts from now on."))
    return redirect(url_for("accounts.account"), code=303)


@blueprint.get("/account/sessions")
def own_sessions() -> str:
    """Where one is signed in."""
    rows = sessions.own_sessions(actor(), now=visits.now())
    return render_template("accounts/sessions.html", rows=rows, here=visits.visit().id)


@blueprint.post("/account/sessions/<int:number>/end")
def end_session(number: int) -> Response:
    """End one of one's sessions."""
    sessions.revoke(actor(), number, now=visits.now())
    flash(_("The session has ended."))
    return redirect(url_for("accounts.own_sessions"), code=303)


@blueprint.post("/account/codes")
def codes() -> str:
    """New recovery codes, shown once."""
    made = second_factors.new_codes(actor(), now=visits.now())
    return render_template("sign_in/codes.html", codes=made, onward=url_for("accounts.account"))


@blueprint.post("/account/app/remove")
def remove_app() -> Page:
    """Take the app for codes away."""
    try:
        second_factors.remove_app(
            actor(), now=visits.now(), required=visits.second_factor_required(), base_url=visits.base_url()
        )
    except Invalid as invalid:
        flash(message(invalid.problems[0]))
    else:
        flash(_("The app is removed."))
    return redirect(url_for("accounts.account"), code=303)
