"""The controls of the rows on the life of a report."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from tests.proof.off import replace


def stored_document() -> None:
    """What is made again is laid out anew from the outline of today."""
    from compliance.services.report.life import files, pages

    honest = pages.frozen_job

    def frozen_job(*given: Any) -> Any:
        return dataclasses.replace(honest(*given), document=None)

    replace(files, "frozen_job", frozen_job)


def printers() -> None:
    """Files are made in the process of the site."""
    from compliance.reporting import press, printer

    def make(self: Any, job: Any) -> Any:
        return printer.make(job, self._folders)

    replace(press.Press, "make", make)


def leases_that_run_out() -> None:
    """What a dead worker claimed is never looked at again."""
    from compliance.storage.models import ReportBatchItem
    from compliance.storage.queries import report_batches

    def ready_items(session: Any, _now: Any, *, limit: int) -> Any:
        return report_batches._unlocked(session, ReportBatchItem.state == "waiting", limit)

    replace(report_batches, "ready_items", ready_items)


def another_approves() -> None:
    from compliance.domain import permissions

    table = dict(permissions.PERMISSIONS)
    grants = table[permissions.Permission.REPORT_APPROVE]
    table[permissions.Permission.REPORT_APPROVE] = tuple(
        dataclasses.replace(grant, when=tuple(c for c in grant.when if c is not permissions.not_a_writer))
        for grant in grants
    )
    replace(permissions, "PERMISSIONS", table)


def text_in_both_languages() -> None:
    from compliance.services.report.life import approval

    replace(approval, "ready_languages", lambda _missing: ("en", "fr"))


def unseen_reason() -> None:
    from compliance.services.report.life import approval

    replace(approval, "_need_reason", lambda *_given: None)


def not_in_force() -> None:
    from compliance.services.report.life import files

    replace(files, "_NOT_IN_FORCE", frozenset())


def download_log() -> None:
    from compliance.services.report.life import files

    replace(files, "log_download", lambda *_given, **_options: None)


def text_version() -> None:
    """The last one to save wins."""
    from compliance.domain.saving import Stamp
    from compliance.services.report.life import writing
    from compliance.storage.queries import report_life as reports

    honest = writing._write

    def write(session: Any, actor: Any, report: Any, name: str, content: Any, stamp: Any, *, now: Any) -> int:
        row = reports.text(session, report.id, name)
        return honest(session, actor, report, name, content, Stamp(row.version if row else 0, stamp.key), now=now)

    replace(writing, "_write", write)


def handling_in_facts() -> None:
    """The distribution list is stored and not printed."""
    from compliance.services.report.life import approval, facts

    honest = facts.draft_facts

    def draft_facts(*given: Any, **options: Any) -> Any:
        return {**honest(*given, **options), "distribution": []}

    replace(approval, "draft_facts", draft_facts)


def released_to_it() -> None:
    """A company sees every released report of its kinds, also with findings that were not shared."""
    from sqlalchemy import ColumnElement

    from compliance.domain.permissions import Actor
    from compliance.storage import scope
    from compliance.storage.models import Report

    def released_to(_actor: Actor) -> ColumnElement[bool]:
        return Report.released_at.is_not(None)

    replace(scope, "released_to", released_to)


def who_begins() -> None:
    """Whoever may read reports may begin one, too."""
    from compliance.services.report.life import starting

    replace(starting, "require", lambda *_given: None)


CONTROLS: dict[str, Callable[[], None]] = {
    control.__name__: control
    for control in (
        stored_document,
        printers,
        leases_that_run_out,
        another_approves,
        text_in_both_languages,
        unseen_reason,
        not_in_force,
        download_log,
        text_version,
        handling_in_facts,
        released_to_it,
        who_begins,
    )
}
