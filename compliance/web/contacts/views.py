"""The executive contacts of a company."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid
from compliance.services.account import contacts
from compliance.web.access import actor
from compliance.web.contacts.forms import ContactForm
from compliance.web.problems import attach, summary

blueprint = Blueprint("contacts", __name__, url_prefix="/contacts/<slug>")


@blueprint.route("", methods=["GET", "POST"])
def index(slug: str) -> str | Response | tuple[str, int]:
    """Who is reached when the company's people do not react; and one more."""
    company, current = contacts.contacts(actor(), slug)
    form = ContactForm(language=company.language)
    status = 200
    if form.validate_on_submit():
        try:
            contacts.add(actor(), slug, form.entry(), now=dt.datetime.now(dt.UTC))
        except Invalid as invalid:
            attach(form, invalid.problems)
            status = 422
        else:
            flash(_("The contact is saved."))
            return redirect(url_for("contacts.index", slug=slug), code=303)
    page = render_template("contacts/index.html", company=company, contacts=current, form=form, errors=summary(form))
    return page, status


@blueprint.post("/<int:contact_id>/end")
def end(slug: str, contact_id: int) -> Response:
    """The contact has left."""
    contacts.end(actor(), slug, contact_id, now=dt.datetime.now(dt.UTC))
    flash(_("Mail goes to this contact no more."))
    return redirect(url_for("contacts.index", slug=slug), code=303)
