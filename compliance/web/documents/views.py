"""A company's documents, and those of a submission as government may have them. Always whole, always as attachments."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid
from compliance.domain.permissions import Permission, could_ever
from compliance.services.assessment import documents
from compliance.services.assessment.documents import Files, Handed
from compliance.services.review import shown_documents
from compliance.web.access import actor
from compliance.web.documents.forms import SetAsideForm, UploadForm
from compliance.web.problems import attach, summary

blueprint = Blueprint("documents", __name__)


def files() -> Files:
    """Where documents are kept."""
    found: Files = current_app.extensions["documents"]
    return found


@blueprint.route("/documents", methods=["GET", "POST"])
def index() -> str | Response | tuple[str, int]:
    """The company's documents, and a form to bring one more."""
    form, status = UploadForm(), 200
    if form.is_submitted():
        try:
            documents.upload(actor(), form.given(), files(), now=dt.datetime.now(dt.UTC))
            flash(_("The document is kept. Choose it at a question to show it as evidence."))
            return redirect(url_for("documents.index"), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
            status = 422
    library = documents.library(actor())
    may_edit = could_ever(actor(), Permission.DOCUMENT_EDIT)
    page = render_template("documents/index.html", library=library, form=form, errors=summary(form), may_edit=may_edit)
    return page, status


@blueprint.get("/documents/<sha256>")
def download(sha256: str) -> FlaskResponse:
    """One of the own company's documents."""
    return _attachment(documents.download(actor(), sha256, files(), now=dt.datetime.now(dt.UTC)))


@blueprint.route("/documents/<sha256>/set-aside", methods=["GET", "POST"])
def set_aside(sha256: str) -> str | Response | tuple[str, int]:
    """Set one of the own company's documents aside."""
    found, form = documents.own_document(actor(), sha256), SetAsideForm()
    back = url_for("documents.index")
    if form.is_submitted():
        try:
            documents.set_aside(actor(), sha256, form.note.data or "", now=dt.datetime.now(dt.UTC))
            flash(_("The document is set aside. Nobody can open it here any more."))
            return redirect(back, code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
    page = render_template("documents/set_aside.html", document=found, form=form, errors=summary(form), address=back)
    return page, 422 if form.errors else 200


@blueprint.get("/companies/<slug>/<cycle>/documents/<sha256>")
def shown(slug: str, cycle: str, sha256: str) -> FlaskResponse:
    """A document that a company signed with."""
    now = dt.datetime.now(dt.UTC)
    return _attachment(shown_documents.download(actor(), slug, cycle, sha256, files(), now=now))


@blueprint.route("/companies/<slug>/<cycle>/documents/<sha256>/set-aside", methods=["GET", "POST"])
def shown_set_aside(slug: str, cycle: str, sha256: str) -> str | Response | tuple[str, int]:
    """Set a document aside that a company signed with."""
    now, form = dt.datetime.now(dt.UTC), SetAsideForm()
    found = shown_documents.shown(actor(), slug, cycle, sha256, now=now)
    back = url_for("reviews.index", slug=slug, cycle=cycle)
    if form.is_submitted():
        try:
            shown_documents.set_aside(actor(), slug, cycle, sha256, form.note.data or "", now=now)
            flash(_("The document is set aside. Nobody can open it here any more."))
            return redirect(back, code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
    page = render_template("documents/set_aside.html", document=found, form=form, errors=summary(form), address=back)
    return page, 422 if form.errors else 200


def _attachment(file: Handed) -> FlaskResponse:
    """Never shown in the page of this site: a download with the type that the content has."""
    return FlaskResponse(
        file.content,
        content_type=file.media_type,
        headers={
            "Content-Disposition": _disposition(file.name),
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _disposition(name: str) -> str:
    """`attachment` with the name in a form that every browser reads the same way."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in name)
    options = {"filename": plain} if plain == name else {"filename": plain, "filename*": name}
    return dump_options_header("attachment", options)
