"""A company's services and what each can do."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Conflict, Invalid, NotFound
from compliance.services.assessment import profiles
from compliance.web.access import actor
from compliance.web.fields import whole_number
from compliance.web.problems import attach, summary
from compliance.web.profiles.forms import ServiceForm

blueprint = Blueprint("profiles", __name__, url_prefix="/services")


@blueprint.get("")
def index() -> str:
    """The company's services in use."""
    return render_template("profiles/index.html", found=profiles.service_list(actor()))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Add a service."""
    person, form = actor(), ServiceForm()
    framework = profiles.service_list(person).framework
    if framework is None:
        raise NotFound("no framework was imported yet")
    if not form.is_submitted():
        return render_template("profiles/edit.html", form=form, framework=framework, service=None, errors=[])
    try:
        service = profiles.add_service(
            person, form.name.data or "", form.functions.data or [], now=dt.datetime.now(dt.UTC)
        )
    except Invalid as invalid:
        attach(form, invalid.problems)
        page = render_template("profiles/edit.html", form=form, framework=framework, service=None, errors=summary(form))
        return page, 422
    flash(_("“%(name)s” is on the list.", name=service.name))
    return redirect(url_for("profiles.index"))


@blueprint.route("/<slug>", methods=["GET", "POST"])
def edit(slug: str) -> str | Response | tuple[str, int]:
    """Change a service's name or functions."""
    person = actor()
    service, framework = profiles.own_service(person, slug)
    form = ServiceForm(name=service.name, functions=service.functions or [], version=str(service.version))
    if form.is_submitted():
        problem = _save(slug, form)
        if problem is None:
            flash(_("“%(name)s” is saved.", name=form.name.data))
            return redirect(url_for("profiles.index"))
        service, framework = profiles.own_service(person, slug)
    status = 422 if form.is_submitted() else 200
    page = render_template("profiles/edit.html", form=form, framework=framework, service=service, errors=summary(form))
    return page, status


def _save(slug: str, form: ServiceForm) -> str | None:
    """Save; None when saved. Otherwise the form carries the errors and the newest version number."""
    version = whole_number(form.version.data)
    try:
        profiles.save_service(
            actor(), slug, form.name.data or "", form.functions.data or [], version=version, now=dt.datetime.now(dt.UTC)
        )
    except Invalid as invalid:
        attach(form, invalid.problems)
        return "invalid"
    except Conflict as conflict:
        form.version.data = str(conflict.version)
        form.form_errors = [_("A colleague changed this service while you did. Compare both below, then save again.")]
        return "conflict"
    return None
