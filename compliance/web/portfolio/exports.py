"""Lists of the portfolio as CSV and XLSX: the words that the page shows, every row that fits the filter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from flask import Response
from flask_babel import gettext as _
from flask_babel import ngettext

from compliance.domain.comparing import Mismatch
from compliance.domain.errors import NotFound
from compliance.domain.permissions import Actor
from compliance.domain.text import Text
from compliance.reporting.sheets import FORMATS, Sheet, Value
from compliance.services.portfolio import portfolio, side_by_side
from compliance.services.portfolio.portfolio import HeatCell, Line, Portfolio, Which
from compliance.services.portfolio.side_by_side import NumberLine
from compliance.web.language import say
from compliance.web.portfolio.words import mismatch_words
from compliance.web.values import day

#: Companies that are loaded together: few statements, and no more memory than a page.
_AT_ONCE = 500


def as_file(sheet: Sheet, name: str, layout: str) -> Response:
    """The sheet as a file; NotFound for a format that there is not."""
    if layout not in FORMATS:
        raise NotFound(layout)
    render, media_type = FORMATS[layout]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{layout}"'}
    return Response(render(sheet), content_type=media_type, headers=headers)


def heatmap_sheet(actor: Actor, cycle: str | None, which: Which, *, now: dt.datetime) -> tuple[Sheet, str]:
    """Companies by principle, and the slug of the cycle."""
    pages = list(_pages(actor, cycle, which, now))
    first = pages[0]
    principles = first.framework.principles
    columns = [_("Company"), _("Lead country"), _("Participation"), _("Shared with us")]
    columns += [_("Principle %(number)s", number=each.number) for each in principles]
    rows = [[*_about(line), *_cells(line, first)] for page in pages for line in page.lines]
    return Sheet(say(_name(first)), columns, rows, _basis(first, now)), first.cycle.slug


def _pages(actor: Actor, cycle: str | None, which: Which, now: dt.datetime) -> Iterator[Portfolio]:
    number = 1
    while True:
        found = portfolio.portfolio(actor, cycle, which, page=number, now=now, size=_AT_ONCE)
        if found is None:
            raise NotFound("cycle")
        yield found
        number += 1
        if number > found.pages:
            return


def _about(line: Line) -> list[Value]:
    word = say(line.word) if line.word else _("Not in this cycle")
    return [line.company.name, line.company.country or _("none"), word, _("yes") if line.shared else _("no")]


def _cells(line: Line, found: Portfolio) -> list[Value]:
    if not line.shared:
        return ["" for _principle in found.framework.principles]
    return [_cell(line.cells.get(each.id)) for each in found.framework.principles]


def _cell(item: HeatCell | None) -> str:
    """A cell in the words of the page: the worst word, and of how many results how many have which."""
    if item is None:
        return ""
    if item.cell.nothing_applies:
        return str(_("Nothing applies"))
    counts = [
        f"{_('%(number)s of %(total)s', number=number, total=item.cell.applicable)} {say(word.word).lower()}"
        for word, number in item.cell.counts
        if word.kind != "outside"
    ]
    assert item.cell.worst is not None, "something applies"
    return f"{say(item.cell.worst.word)} ({', '.join(counts)})"


def _name(found: Portfolio) -> Text:
    return Text(found.cycle.name_en, found.cycle.name_fr)


def _basis(found: Portfolio, now: dt.datetime) -> list[str]:
    return [
        say(_name(found)),
        ngettext("%(num)s company.", "%(num)s companies.", found.total),
        shared_basis(found.shared),
        _("As of %(day)s", day=day(now.date())),
    ]


def shared_basis(shared: int) -> str:
    """The basis of what is shown: with how many companies' content the reader was trusted."""
    return str(
        ngettext(
            "%(num)s company is shared with us in this cycle; results are shown for that one only.",
            "%(num)s companies are shared with us in this cycle; results are shown for those only.",
            shared,
        )
    )


def numbers_sheet(
    actor: Actor, cycle: str | None, metric: str | None, which: Which, *, now: dt.datetime
) -> tuple[Sheet, str]:
    """Numbers of one metric side by side, and the slug of the cycle."""
    found = side_by_side.side_by_side(actor, cycle, metric, which, page=1, size=100_000)
    if found is None:
        raise NotFound("cycle")
    columns = [_("Company"), _("Service"), _("Number"), _("Unit"), _("First day"), _("Last day"), _("Where")]
    columns += [_("Method"), _("Comparable"), _("Not collected because")]
    units = found.framework.units_by_id
    rows = [
        _number_row(line, say(units[line.row.unit].label) if line.row.unit in units else line.row.unit)
        for line in found.lines
    ]
    about = [say(found.metric.name), shared_basis(found.shared), _("As of %(day)s", day=day(now.date()))]
    return Sheet(say(found.metric.name), columns, rows, about), f"{found.cycle.slug}-{found.metric.id}"


def _number_row(line: NumberLine, unit: str) -> list[Value]:
    row = line.row
    reasons = [reason for reason in line.why_not if reason is not Mismatch.NO_NUMBER]
    return [
        line.company.name,
        line.service.name if line.service else _("Whole company"),
        _plain(row.value),
        unit,
        row.period_start.isoformat() if row.period_start else "",
        row.period_end.isoformat() if row.period_end else "",
        row.geography,
        row.method,
        _("yes")
        if not line.why_not
        else ", ".join([_("not comparable"), *(mismatch_words()[each] for each in reasons)]),
        row.not_collected_reason,
    ]


def _plain(value: Decimal | None) -> Value:
    return None if value is None else float(value)
