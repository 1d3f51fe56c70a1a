"""One's own account."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.services import accounts
from compliance.web.access import actor
from compliance.web.accounts.forms import AccountForm

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/account", methods=["GET", "POST"])
def account() -> str | Response:
    """Choose the language of pages and e-mails."""
    person = actor()
    form = AccountForm(language=person.language)
    if form.validate_on_submit():
        accounts.choose_language(person, form.language.data, now=dt.datetime.now(dt.UTC))
        session["language"] = form.language.data
        with force_locale(form.language.data):
            flash(_("Your language is saved."))
        return redirect(url_for("accounts.account"))
    return render_template("accounts/account.html", form=form)
