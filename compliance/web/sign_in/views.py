"""Signing in and out, the second factor, and showing again who one is."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid
from compliance.services.account import passkeys, second_factors, sessions, sign_in, single_sign_on
from compliance.services.account.sessions import Entered
from compliance.web import visits
from compliance.web.problems import attach, summary
from compliance.web.redirects import onward, wanted
from compliance.web.sign_in.forms import CodeForm, ConfirmForm, PasswordForm
from compliance.web.sign_in.qr import drawing

blueprint = Blueprint("sign_in", __name__, url_prefix="/sign-in")


@blueprint.app_template_filter("spaced")
def spaced(key: str) -> str:
    """A key in groups of four, as one types it."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


Page = str | Response | tuple[str, int]


@blueprint.route("", methods=["GET", "POST"])
def password() -> Page:
    """Address and password; then the second factor, if the person has one or needs one."""
    form = PasswordForm()
    waits = visits.held_key() is not None
    if not form.is_submitted():
        return _page("password", form, held=waits)
    try:
        entered = sign_in.by_password(
            form.email.data or "",
            form.password.data or "",
            visits.source(),
            visits.passwords(),
            second_factor=visits.second_factor_required(),
            now=visits.now(),
        )
    except Invalid as invalid:
        attach(form, invalid.problems)
        return _page("password", form, held=waits)
    visits.keep(entered.key)
    if entered.second_needed:
        return redirect(url_for("sign_in.second", next=wanted()), code=303)
    return arrive(entered)


def arrive(entered: Entered, target: str | None = None) -> Response:
    """Go where the person wanted to go; first to what they were sending when their session ran out."""
    held = visits.held_key() is not None
    response = redirect(url_for("sign_in.held") if held else target or onward(), code=303)
    return visits.mark_device(response, entered)


@blueprint.route("/second", methods=["GET", "POST"])
def second() -> Page:
    """The second factor; whoever has none yet sets one up."""
    visit = visits.visit()
    if visit.second:
        return redirect(onward())
    factors = second_factors.factors(visit.actor.user_id)
    if not factors.any():
        return redirect(url_for("sign_in.set_up", next=wanted()))
    form = CodeForm()
    if not form.is_submitted():
        return _page("second", form, factors=factors)
    try:
        key = second_factors.show_code(visit, form.code.data or "", visits.vault(), now=visits.now())
    except Invalid as invalid:
        attach(form, invalid.problems)
        return _page("second", form, factors=factors)
    visits.keep(key)
    return arrive(sessions.entered(visit, key))


@blueprint.route("/set-up", methods=["GET", "POST"])
def set_up() -> Page:
    """Put a secret into an app: at the first sign-in, or from the account page by someone who is signed in."""
    visit = visits.visit()
    away = _not_set_up_here(visit)
    if away is not None:
        return away
    form = CodeForm()
    enrolment = second_factors.enrol(visit.actor, visits.vault(), form.sealed.data or "")
    form.sealed.data = enrolment.sealed
    if form.is_submitted():
        try:
            key, codes = second_factors.keep_app(
                visit,
                enrolment.sealed,
                form.code.data or "",
                visits.vault(),
                now=visits.now(),
                base_url=visits.base_url(),
            )
        except Invalid as invalid:
            attach(form, invalid.problems)
        else:
            visits.keep(key)
            page = render_template("sign_in/codes.html", codes=codes, onward=onward())
            return visits.mark_device(Response(page, mimetype="text/html"), sessions.entered(visit, key))
    return _page("set_up", form, enrolment=enrolment, drawing=drawing(enrolment.uri))


def _not_set_up_here(visit: sessions.Visit) -> Response | None:
    """Nobody sets up a factor in place of showing the one they have; nor when it is long since they showed one."""
    if not visit.second:
        has_one = second_factors.factors(visit.actor.user_id).any()
        return redirect(url_for("sign_in.second", next=wanted())) if has_one else None
    if not visit.is_fresh(visits.now()):
        return redirect(url_for("sign_in.confirm", next=request.full_path.rstrip("?")))
    return None


@blueprint.route("/confirm", methods=["GET", "POST"])
def confirm() -> Page:
    """Show once more who you are, before something sensitive."""
    visit, form = visits.visit(), ConfirmForm()
    factors = second_factors.factors(visit.actor.user_id)
    provider = None if factors.any() else single_sign_on.of_visit(visit)
    if not form.is_submitted():
        return _page("confirm", form, factors=factors, provider=provider)
    try:
        if factors.any():
            key = second_factors.show_code(visit, form.code.data or "", visits.vault(), now=visits.now())
        else:
            key = sign_in.confirm(visit, form.password.data or "", visits.passwords(), now=visits.now())
    except Invalid as invalid:
        attach(form, invalid.problems)
        return _page("confirm", form, factors=factors, provider=provider)
    visits.keep(key)
    return redirect(url_for("sign_in.held") if visits.held_key() else onward(), code=303)


@blueprint.route("/held", methods=["GET", "POST"])
def held() -> Page:
    """What the person was sending when their session ran out: to be sent again, or thrown away."""
    form = visits.held_form()
    if form is None or request.method == "POST":
        visits.let_held_form_go()
        return redirect(url_for("home.index"), code=303)
    return render_template("sign_in/held.html", held=form)


def _page(name: str, form: FlaskForm, **values: object) -> Page:
    user_id = g.visit.actor.user_id if g.visit is not None and "factors" in values else None
    options = passkeys.options_to_sign_in(visits.challenge(), visits.base_url(), user_id)
    page = render_template(
        f"sign_in/{name}.html", form=form, errors=summary(form), wanted=wanted(), options=options, **values
    )
    return (page, 422) if form.errors else page
