"""Writing a report: one page for each text, for the asks, and for how it is handled."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from compliance.domain.errors import Conflict, Invalid, NotAllowed
from compliance.domain.report_texts import CHOSEN
from compliance.services.report.life import pages, writing
from compliance.web.access import actor
from compliance.web.fields import stamp_of
from compliance.web.problems import attach, summary
from compliance.web.reports.forms import ChoiceForm, HandlingForm, content_of, stamp_fields, text_form
from compliance.web.reports.part import blueprint, folders, now
from compliance.web.reports.words import HINTS

Answered = str | Response | tuple[str, int]


@blueprint.route("/<int:report_id>/text/<slot>", methods=["GET", "POST"])
def text(report_id: int, slot: str) -> Answered:
    """One text in both languages. A colleague saved first: both texts are shown, and nothing is lost."""
    page = writing.text_page(actor(), report_id, slot)
    form = text_form(page)
    if not form.is_submitted():
        return _text(page, form)
    readable = form.validate()
    try:
        if not readable:
            raise Invalid(())
        writing.save_text(actor(), report_id, slot, content_of(form, page.slot), stamp_of(form), now=now())
    except Invalid as invalid:
        attach(form, invalid.problems)
        return _text(page, form), 422
    except Conflict:
        page = writing.text_page(actor(), report_id, slot)
        form.version.data = str(page.version)
        return _text(page, form, conflict=True), 409
    except NotAllowed:
        return _text(writing.text_page(actor(), report_id, slot), form, closed=True), 409
    flash(_("The text is saved."))
    return redirect(url_for("reports.asks" if slot.startswith("ask:") else "reports.show", report_id=report_id), 303)


def _text(page: writing.TextPage, form: object, *, conflict: bool = False, closed: bool = False) -> str:
    return render_template(
        "reports/text.html",
        page=page,
        form=form,
        errors=summary(form),  # type: ignore[arg-type]
        hint=HINTS.get(page.slot.name, ""),
        conflict=conflict,
        closed=closed,
    )


@blueprint.route("/<int:report_id>/asks", methods=["GET", "POST"])
def asks(report_id: int) -> Answered:
    """Which asks the report makes, and the wording of each."""
    stored = writing.text_page(actor(), report_id, CHOSEN)
    form = ChoiceForm(data={"indicators": stored.content.get("indicators", []), **stamp_fields(stored.version)})
    status = 200
    conflict = False
    if form.is_submitted():
        try:
            writing.save_choice(actor(), report_id, form.indicators.data or [], stamp_of(form), now=now())
            flash(_("The choice is saved."))
            return redirect(url_for("reports.asks", report_id=report_id), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
            status = 422
        except Conflict:
            form.version.data = str(writing.text_page(actor(), report_id, CHOSEN).version)
            conflict, status = True, 409
    page = pages.report_page(actor(), report_id, folders())
    choices, gone = pages.asks(actor(), page, folders(), now=now())
    return render_template(
        "reports/asks.html",
        page=page,
        form=form,
        errors=summary(form),
        choices_=choices,
        gone=gone,
        conflict=conflict,
    ), status


@blueprint.route("/<int:report_id>/handling", methods=["GET", "POST"])
def handling(report_id: int) -> Answered:
    """Marking, releasable or not, and the distribution list."""
    page = pages.report_page(actor(), report_id, folders())
    report = page.report
    form = HandlingForm(
        data={
            "marking": report.marking,
            "releasable": "yes" if report.releasable else "no",
            "distribution": "\n".join(report.distribution),
            **stamp_fields(report.version),
        }
    )
    status, conflict = 200, False
    if form.is_submitted():
        try:
            writing.save_handling(actor(), report_id, form.handling(), stamp_of(form), folders(), now=now())
            flash(_("The handling of the report is saved."))
            return redirect(url_for("reports.show", report_id=report_id), code=303)
        except Invalid as invalid:
            attach(form, invalid.problems)
            status = 422
        except Conflict:
            page = pages.report_page(actor(), report_id, folders())
            form.version.data = str(page.report.version)
            conflict, status = True, 409
    return render_template(
        "reports/handling.html",
        page=page,
        form=form,
        errors=summary(form),
        conflict=conflict,
        markings=pages.markings(folders()),
    ), status
