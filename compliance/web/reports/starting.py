"""Beginning a report: its kind first, then what it is about. Other pages lead here with what they are about."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compliance.domain.errors import Invalid
from compliance.domain.permissions import Permission, could_ever
from compliance.domain.text import language_of
from compliance.reporting import Outline
from compliance.services.report import reports
from compliance.services.report.life import starting
from compliance.web import language
from compliance.web.access import actor
from compliance.web.problems import attach, summary
from compliance.web.reports.forms import StartForm
from compliance.web.reports.part import blueprint, folders, now
from compliance.web.reports.words import KIND_HINTS

Answered = str | Response | tuple[str, int]


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Answered:
    """Choose a kind and what the report is about; it is begun, or the one that is being worked on is opened."""
    names = ("kind", "cycle", "company", "principle")
    form = StartForm(data={name: request.args.get(name, "")[:200] for name in names} | {"edition": "full"})
    if not form.is_submitted():
        return _page(form)
    try:
        report_id = starting.begin(actor(), form.wish(), folders(), now=now())
    except Invalid as invalid:
        attach(form, invalid.problems)
        return _page(form), 422
    if not form.shown_in.data:
        return redirect(url_for("reports.show", report_id=report_id), code=303)
    look = {"edition": form.edition.data, "in": language_of(form.shown_in.data)}
    return redirect(url_for("reports.preview", report_id=report_id, **look), code=303)


def _page(form: StartForm) -> str:
    offer = starting.offer(actor(), form.kind.data or "", form.cycle.data or "", folders())
    if offer is None:
        kinds = starting.kinds(actor(), folders())
        return render_template("reports/kinds.html", form=form, errors=summary(form), kinds=kinds, hints=KIND_HINTS)
    form.shown_in.data = form.shown_in.data or language.selected()
    return render_template(
        "reports/new.html", form=form, errors=summary(form), offer=offer, kind=form.kind.data, hints=KIND_HINTS
    )


@blueprint.app_template_global()
def report_starts(subject: str, **about: object) -> list[tuple[str, str]]:
    """For other pages: what each kind about a company, a principle or a cycle is called, and where it is begun.

    Empty for whoever writes no reports.
    """
    if not could_ever(actor(), Permission.REPORT_WRITE):
        return []
    found = [(kind, outline) for kind, outline in reports.kinds(folders()).items() if outline.shape.subject == subject]
    return [(_name(outline), url_for("reports.new", kind=kind, **about)) for kind, outline in found]  # type: ignore[arg-type]


def _name(outline: Outline) -> str:
    return outline.frame.sentences["kind_name"][language.selected()]["other"]
