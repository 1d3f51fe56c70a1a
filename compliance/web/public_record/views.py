"""What public sources say about a company: the list, and the form for a new fact."""

from __future__ import annotations

import datetime as dt
import re
import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid
from compliance.domain.public_record import STATUSES, problems_of
from compliance.services.review import public_record
from compliance.services.review.public_record import NewRecord
from compliance.web.access import actor
from compliance.web.fields import whole_number
from compliance.web.problems import attach, summary
from compliance.web.public_record.forms import FactForm
from compliance.web.values import day

blueprint = Blueprint("public_record", __name__, url_prefix="/companies/<slug>/public-record")


@blueprint.app_template_filter("published_date")
def published_date(value: str) -> str:
    """A date as exact as it was published: a day or a month in words, anything else as it stands in the source."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return day(dt.date.fromisoformat(value))
        if re.fullmatch(r"\d{4}-\d\d", value):
            return str(format_date(dt.date.fromisoformat(f"{value}-01"), "MMMM y"))
    except ValueError:
        pass  # it looks like a date and is none
    return value


@blueprint.app_template_filter("published_period")
def published_period(value: str) -> str:
    """A period as published: "2024-07-15/2024-12-15" as two dates, anything else as it stands in the source."""
    start, slash, end = value.partition("/")
    if slash and start[:4].isdecimal() and end[:4].isdecimal():
        return f"{published_date(start)} – {published_date(end)}"
    return published_date(value)


@blueprint.get("")
def index(slug: str) -> str:
    """The facts about a company, by principle, with what the company says about them."""
    page = whole_number(request.args.get("page")) or 1
    return render_template("public_record/index.html", found=public_record.record_list(actor(), slug, page=page))


@blueprint.route("/new", methods=["GET", "POST"])
def new(slug: str) -> str | Response | tuple[str, int]:
    """Enter a fact; what was typed stays when it cannot be kept."""
    page = public_record.new_record(actor(), slug)
    form = FactForm(data={"key": secrets.token_hex(16)})
    if not form.is_submitted():
        return _render(page, form)
    entry = form.entry(page)
    try:
        if not form.validate():
            raise Invalid(problems_of(entry, page.framework))
        key = (form.key.data or secrets.token_hex(16))[:64]
        public_record.add(actor(), slug, entry, key=key, now=dt.datetime.now(dt.UTC))
    except Invalid as invalid:
        attach(form, invalid.problems)
        return _render(page, form), 422
    flash(_("The fact is in the public record."))
    return redirect(url_for("public_record.index", slug=slug), code=303)


def _render(page: NewRecord, form: FactForm) -> str:
    return render_template(
        "public_record/new.html",
        page=page,
        form=form,
        errors=summary(form),
        statuses=STATUSES,
        ticked=request.form.getlist("services"),
    )
