"""`flask --app app report …`"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import cast

import click
from flask import current_app
from flask.cli import AppGroup

from compliance.cli.saying import faults_as_sentences
from compliance.domain.text import language_of
from compliance.reporting import FORMATS, Folders, render
from compliance.reporting.facts import EditionName
from compliance.services.report import reports
from compliance.services.report.facts import About
from compliance.services.report.life import files
from compliance.services.report.life.files import Verdict

report = AppGroup("report", help="Reports.")


@report.command("build")
@click.argument("kind")
@click.option("--cycle", "cycle", required=True, metavar="SLUG")
@click.option("--company", metavar="SLUG", help="For a kind about one company.")
@click.option("--principle", type=int, metavar="N", help="For a kind about one principle.")
@click.option("--format", "layout", type=click.Choice(list(FORMATS)), required=True)
@click.option("--lang", "language", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@click.option("--edition", type=click.Choice(reports.EDITIONS), default="full", show_default=True)
@click.option("--country", metavar="XX", help="The country that reads it; without one, the company's lead country.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def build(  # noqa: PLR0913 - one argument for each option
    kind: str,
    *,
    cycle: str,
    company: str | None,
    principle: int | None,
    layout: str,
    language: str,
    edition: str,
    country: str | None,
    output: Path,
) -> None:
    """Build a report of KIND, the name of a folder in reports/, into a file."""
    folders: Folders = current_app.extensions["reports"]
    _checked(kind, folders, company=company, principle=principle)
    about, name = About(cycle, company, principle), cast(EditionName, edition)
    now = dt.datetime.now(dt.UTC)
    with faults_as_sentences():
        actor = reports.operator_reading_as(country, company)
        made = reports.made(kind, about, actor, folders, language_of(language), now=now, edition=name)
    content = render(made, layout, folders)
    reports.write_down_build(made, about, layout, actor.country or "", now=now)  # before it leaves
    output.write_bytes(content)
    click.echo(f"{output}: {kind}, {len(content):,} bytes")


_VERDICTS = {
    Verdict.SAME_BYTES: "the same bytes",
    Verdict.SAME_TEXT: "the same text in other bytes",
    Verdict.OTHER_BYTES: "OTHER BYTES although the packages are the same",
    Verdict.OTHER_TEXT: "ANOTHER TEXT",
    Verdict.DAMAGED: "DAMAGED: what is stored is not what was stored",
}


@report.command("verify")
@click.argument("ids", nargs=-1, type=int, metavar="[ID]…")
def verify(ids: tuple[int, ...]) -> None:
    """Make the files of released reports again from what was frozen, and compare; without ID all of them."""
    folders: Folders = current_app.extensions["reports"]
    bad = total = 0
    with faults_as_sentences():
        for report_id in ids or files.released():
            checked = files.verify(report_id, folders)
            total += len(checked)
            for item in checked:
                if item.verdict is not Verdict.SAME_BYTES:
                    click.echo(f"report {item.report_id}: {item.name}: {_VERDICTS[item.verdict]}")
            bad += sum(item.verdict not in files.GOOD for item in checked)
            changed = checked[0].packages if checked else ()
            if changed:
                click.echo(f"report {report_id}: made with other versions of {', '.join(changed)}")
    click.echo(f"{total} files made again, {bad} not as they were")
    if bad:
        raise click.exceptions.Exit(1)


def _checked(kind: str, folders: Folders, *, company: str | None, principle: int | None) -> None:
    """Raises UsageError for a kind that is no folder, or without the option that it needs."""
    known = reports.kinds(folders)
    if kind not in known:
        raise click.UsageError(f"There is no kind {kind}; there are {', '.join(known)}.")
    subject = known[kind].shape.subject
    if subject == "company" and company is None:
        raise click.UsageError(f"{kind} is about one company: --company SLUG.")
    if subject == "principle" and principle is None:
        raise click.UsageError(f"{kind} is about one principle: --principle N.")
