"""Single sign-on: to the organisation's provider and back, and how a provider is set up.

The page before the provider has a link, not a form: what a form leads to must stay on this site.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, g, redirect, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid
from compliance.services.account import sessions, single_sign_on
from compliance.services.account.sessions import Entered
from compliance.web import visits
from compliance.web.access import actor
from compliance.web.problems import attach, message, summary
from compliance.web.redirects import local, wanted
from compliance.web.sign_in.views import arrive
from compliance.web.single_sign_on.client import ProviderFailed, away, claims
from compliance.web.single_sign_on.forms import FindForm, ProviderForm

blueprint = Blueprint("single_sign_on", __name__)
Page = str | Response | tuple[str, int]
_NEXT = "after_provider"


@blueprint.route("/sign-in/organisation", methods=["GET", "POST"])
def find() -> Page:
    """Find the organisation by the domain of an address."""
    form = FindForm()
    if form.is_submitted():
        try:
            slug = single_sign_on.slug_for(form.email.data or "")
            return redirect(url_for("single_sign_on.show", slug=slug, next=wanted()), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
    page = render_template("single_sign_on/find.html", form=form, errors=summary(form))
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/sign-in/organisation/<slug>")
def show(slug: str) -> str:
    """The way to the provider; a page to keep as a bookmark."""
    provider = single_sign_on.provider(slug, visits.vault())
    return render_template("single_sign_on/show.html", provider=provider, wanted=wanted())


@blueprint.get("/sign-in/organisation/<slug>/go")
def go(slug: str) -> Response:
    """To the provider."""
    provider = single_sign_on.provider(slug, visits.vault())
    session[_NEXT] = wanted()
    try:
        return away(provider, _address_back(slug), again=g.actor is not None)
    except ProviderFailed as failed:
        return _failed(failed)


@blueprint.get("/sign-in/organisation/<slug>/back")
def back(slug: str) -> Response:
    """Back from the provider."""
    provider = single_sign_on.provider(slug, visits.vault())
    onward = local(session.pop(_NEXT, None)) or url_for("home.index")
    try:
        found = claims(provider)
        entered = single_sign_on.sign_in(
            provider,
            found,
            visits.source().device,
            second_factor=visits.second_factor_required(),
            now=visits.now(),
        )
    except ProviderFailed as failed:
        return _failed(failed)
    except Invalid as invalid:
        flash(message(invalid.problems[0]))
        return redirect(url_for("sign_in.password"), code=303)
    return _arrived(entered, onward)


def _arrived(entered: Entered, onward: str) -> Response:
    """A session that was there before ends: it was the same person, or it is theirs no longer."""
    if g.visit is not None:
        sessions.sign_out(g.visit, now=visits.now())
    visits.keep(entered.key)
    if entered.second_needed:
        return redirect(url_for("sign_in.second", next=onward), code=303)
    return arrive(entered, onward)


def _failed(failed: ProviderFailed) -> Response:
    current_app.logger.warning("single sign-on did not work: %s", failed)
    flash(_("Signing in at your organisation did not work. Try again."))
    return redirect(url_for("sign_in.password"), code=303)


def _address_back(slug: str) -> str:
    return visits.base_url() + url_for("single_sign_on.back", slug=slug)


@blueprint.route("/people/<slug>/single-sign-on", methods=["GET", "POST"])
def configure(slug: str) -> Page:
    """How an organisation's provider is reached, and whether it is the only way in."""
    organisation, row = single_sign_on.configured(actor(), slug)
    form = ProviderForm(obj=row)
    if form.is_submitted():
        loopback = urlsplit(visits.base_url()).scheme == "http"  # only ever the case on this machine
        try:
            single_sign_on.configure(
                actor(), slug, form.provider(), visits.vault(), now=visits.now(), loopback=loopback
            )
        except Invalid as invalid:
            attach(form, invalid.problems)
        else:
            flash(_("Single sign-on is set up."))
            return redirect(url_for("single_sign_on.configure", slug=slug), code=303)
    values = {"organisation": organisation, "row": row, "form": form, "errors": summary(form)}
    page = render_template("single_sign_on/configure.html", address_back=_address_back(slug), **values)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/people/<slug>/single-sign-on/remove")
def remove(slug: str) -> Response:
    """Take the provider away."""
    single_sign_on.remove(actor(), slug, now=visits.now())
    flash(_("Single sign-on is removed."))
    return redirect(url_for("people.show", slug=slug), code=303)
