"""All briefs of a cycle in one act: asking for them, watching them being made, taking the zip."""

from __future__ import annotations

import secrets

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid
from compliance.services.report.life import batches
from compliance.web.access import actor
from compliance.web.problems import attach, summary
from compliance.web.reports.forms import BatchForm
from compliance.web.reports.part import blueprint, now
from compliance.web.reports.words import BATCH_ERRORS

Answered = str | Response | tuple[str, int]


@blueprint.route("/batches", methods=["GET", "POST"])
def batch_index() -> Answered:
    """The person's batches, and the form of a new one."""
    form, status = BatchForm(key=secrets.token_hex(16)), 200
    if form.is_submitted():
        try:
            batch_id = batches.request(actor(), form.order(), (form.key.data or "")[:64], now=now())
            return redirect(url_for("reports.batch", batch_id=batch_id), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
            status = 422
    found, cycles = batches.listing(actor())
    return render_template(
        "reports/batches.html", form=form, errors=summary(form), batches=found, cycles=cycles
    ), status


@blueprint.get("/batches/<int:batch_id>")
def batch(batch_id: int) -> str:
    """How far a batch is. Without a script the page is opened again by hand, with one it looks by itself."""
    page = batches.batch_page(actor(), batch_id)
    return render_template("reports/batch.html", page=page, batch=page.batch, reasons=BATCH_ERRORS)


@blueprint.get("/batches/<int:batch_id>/briefs.zip")
def batch_zip(batch_id: int) -> FlaskResponse:
    """The zip, written while it is sent."""
    name, pieces = batches.take_zip(actor(), batch_id, now=now())
    return FlaskResponse(
        stream_with_context(pieces) if request.method == "GET" else b"",
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
