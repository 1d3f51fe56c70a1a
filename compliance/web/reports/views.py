"""Reports: the list, one report, its preview, its files, and two beside each other."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup

from compliance.domain.errors import NotFound
from compliance.domain.permissions import Permission, could_ever
from compliance.domain.reports import ReportState
from compliance.domain.text import language_of
from compliance.services.report.life import files, pages
from compliance.web import language
from compliance.web.access import actor
from compliance.web.reports import acts, batches, starting, texts
from compliance.web.reports.part import blueprint, folders, heading_of, now, wanted_language
from compliance.web.reports.words import EDITIONS, LAYOUTS, LOOKS, STATES, slot_word

__all__ = ["acts", "batches", "blueprint", "starting", "texts"]  # importing them adds their pages


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {
        "report_states": STATES,
        "report_looks": LOOKS,
        "report_editions": EDITIONS,
        "report_layouts": LAYOUTS,
        "slot_word": slot_word,
        "kind_names": pages.kind_names(folders(), language.selected()),
    }


@blueprint.get("")
def index() -> str:
    """The reports of the person's government; the filters are in the address."""
    names = ("cycle", "state", "kind", "company")
    wanted = pages.Wanted(**{name: request.args.get(name, "")[:100] for name in names})
    page = request.args.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    found = pages.listing(actor(), wanted, number)
    return render_template(
        "reports/index.html",
        found=found,
        wanted=wanted,
        states=list(ReportState),
        may_batch=could_ever(actor(), Permission.REPORT_BATCH),
        may_begin=could_ever(actor(), Permission.REPORT_WRITE),
    )


@blueprint.get("/<int:report_id>")
def show(report_id: int) -> str:
    """One report: what is written, what is missing, who approved it, its files, who took them."""
    page = pages.report_page(actor(), report_id, folders())
    draft = None
    if page.may.write:
        draft = pages.draft(actor(), page, folders(), now=now())
        page = pages.report_page(actor(), report_id, folders())
    return render_template("reports/show.html", page=page, draft=draft, report=page.report)


@blueprint.get("/<int:report_id>/preview")
def preview(report_id: int) -> str:
    """The report as a page: of a draft as it would be now, else as it was frozen."""
    edition = request.args.get("edition", "full")
    report, content = pages.shown(actor(), report_id, edition, wanted_language(), "html", folders(), now=now())
    fragment = Markup(content.decode())  # noqa: S704  # nosec B704 - the renderer escapes all text
    page = pages.report_page(actor(), report_id, folders())
    return render_template(
        "reports/preview.html",
        page=page,
        report=report,
        title=heading_of(fragment),
        fragment=fragment,
        edition=edition,
        shown_in=wanted_language(),
    )


@blueprint.get("/<int:report_id>/<edition>/<shown_in>.<layout>")
def file(report_id: int, edition: str, shown_in: str, layout: str) -> Response:
    """A file of the report. Who took it is written down."""
    if shown_in not in ("en", "fr"):
        raise NotFound(shown_in)
    taken = files.take(actor(), report_id, edition, language_of(shown_in), layout, folders(), now=now())
    return Response(
        taken.content,
        content_type=taken.media_type,
        headers={"Content-Disposition": f'attachment; filename="{taken.name}"'},
    )


@blueprint.get("/<int:report_id>/compare/<int:other_id>")
def compare(report_id: int, other_id: int) -> str:
    """What one report says differently from another of the same kind."""
    edition = request.args.get("edition", "full")
    older, newer, changes = pages.compared(actor(), report_id, other_id, edition, wanted_language())
    title = _("What is different")
    return render_template(
        "reports/compare.html",
        title=title,
        report_id=report_id,
        older=older,
        newer=newer,
        changes=changes,
        shown_in=wanted_language(),
    )
