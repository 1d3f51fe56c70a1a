"""A company's assessment: accept, task list, check, sign, receipt."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from compliance.domain.carrying import Since
from compliance.domain.errors import Conflict, Invalid
from compliance.services.assessment import assessments, carrying, checks, remarks, submissions, taking
from compliance.services.cycle import participations
from compliance.web.access import actor
from compliance.web.assessments.forms import DeclineForm, SignatureForm
from compliance.web.papers import as_file
from compliance.web.problems import attach, message, summary
from compliance.web.questions.views import address_of

blueprint = Blueprint("assessments", __name__, url_prefix="/assessments/<cycle>")


@blueprint.post("/accept")
def accept(cycle: str) -> Response:
    """Accept the invitation and start."""
    participations.accept(actor(), cycle, now=dt.datetime.now(dt.UTC))
    flash(_("The invitation is accepted. Nobody outside your company sees your answers before you submit them."))
    return redirect(url_for("assessments.tasks", cycle=cycle), code=303)


@blueprint.route("/decline", methods=["GET", "POST"])
def decline(cycle: str) -> str | Response | tuple[str, int]:
    """Decline the invitation with a reason; it can be accepted later."""
    form, status = DeclineForm(), 200
    name = participations.own_cycle(actor(), cycle, now=dt.datetime.now(dt.UTC)).cycle
    if form.is_submitted():
        try:
            participations.decline(actor(), cycle, form.reason.data or "", now=dt.datetime.now(dt.UTC))
            flash(_("Your answer is recorded. You can accept the invitation later."))
            return redirect(url_for("home.index"), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
            status = 422
    return render_template("assessments/decline.html", cycle=name, form=form, errors=summary(form)), status


@blueprint.get("")
def tasks(cycle: str) -> str:
    """What there is to do, and how much of it is done."""
    found = assessments.task_list(actor(), cycle)
    only_yours = bool(request.args.get("yours"))
    return render_template("assessments/tasks.html", tasks=found, address_of=address_of, only_yours=only_yours)


@blueprint.post("/carry")
def carry(cycle: str) -> Response:
    """Bring in the answers of the last cycle; each waits for someone to confirm or change it."""
    came = carrying.carry(actor(), cycle, now=dt.datetime.now(dt.UTC))
    flash(
        ngettext(
            "%(num)s answer of the last cycle is here. It waits for you to confirm or change it.",
            "%(num)s answers of the last cycle are here. Each waits for you to confirm or change it.",
            came,
        )
    )
    return redirect(url_for("assessments.tasks", cycle=cycle), code=303)


@blueprint.get("/changes")
def changes(cycle: str) -> str:
    """What changed since the last cycle."""
    found = carrying.comparison(actor(), cycle)
    return render_template("assessments/changes.html", found=found, kinds=Since, address_of=address_of)


@blueprint.get("/redacted")
def redacted(cycle: str) -> str:
    """What a redacted edition would show of the answers as they stand."""
    found = checks.check(actor(), cycle, now=dt.datetime.now(dt.UTC))
    return render_template("assessments/redacted.html", check=found)


@blueprint.get("/check")
def check(cycle: str) -> str:
    """Everything that was answered, as government will see it."""
    page = remarks.check_page(actor(), cycle, now=dt.datetime.now(dt.UTC))
    return render_template(
        "assessments/check.html",
        page=page,
        check=page.check,
        weights=remarks.WEIGHTS,
        address_of=address_of,
        message=message,
    )


@blueprint.route("/sign", methods=["GET", "POST"])
def sign(cycle: str) -> str | Response | tuple[str, int]:
    """Sign and submit. What counts is what the signer saw: a later change asks for another look."""
    person, now = actor(), dt.datetime.now(dt.UTC)
    found = checks.check(person, cycle, now=now)
    form = SignatureForm(name=person.name, fingerprint=found.fingerprint)
    if not form.is_submitted():
        return render_template("assessments/sign.html", check=found, form=form, errors=[])
    try:
        if not form.validate():
            raise Invalid(())
        sealed = submissions.submit(person, cycle, form.signature(), fingerprint=form.fingerprint.data or "", now=now)
        return redirect(url_for("assessments.receipt", cycle=cycle, number=sealed.number), code=303)
    except Invalid as invalid:
        attach(form, invalid.problems)
    except Conflict:
        form.fingerprint.data = found.fingerprint
        form.form_errors = [
            _("An answer or a service changed since you opened this page. Look at it again, then sign.")
        ]
    return render_template("assessments/sign.html", check=found, form=form, errors=summary(form)), 422


@blueprint.get("/receipts/<int:number>")
def receipt(cycle: str, number: int) -> str:
    """The receipt of one submission."""
    return render_template("assessments/receipt.html", receipt=submissions.receipt(actor(), cycle, number))


@blueprint.get("/receipts/<int:number>/<kind>.<layout>")
def paper(cycle: str, number: int, kind: str, layout: str) -> FlaskResponse:
    """The receipt or the sealed copy as a file for people, in the language of the page."""
    return as_file(taking.signed(actor(), cycle, number, kind, layout), layout)


@blueprint.get("/receipts/<int:number>/sealed.json")
def sealed(cycle: str, number: int) -> FlaskResponse:
    """The sealed copy itself, byte for byte what the sha256 was made of."""
    found = submissions.receipt(actor(), cycle, number)
    name = f"{found.sealed.company}-{cycle}-{number}.json"
    return FlaskResponse(
        found.submission.sealed,
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
