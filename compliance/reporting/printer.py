"""A process that makes reports and does nothing else; see `compliance.reporting.press`, which starts and feeds it."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

from compliance.domain.text import language_of
from compliance.reporting.document import Document, Heading
from compliance.reporting.facts import Facts
from compliance.reporting.formats import Folders, Report, lay, render
from compliance.reporting.pdf import count_pages
from compliance.reporting.press import Job, Printed, read, write
from compliance.reporting.stored import dump_document, load_document
from compliance.reporting.wording import text_of

#: Pages that somebody waits for come first; on a machine that is full, printers still get a quarter of it.
NICENESS: Final = 5


def make(job: Job, folders: Folders) -> Printed:
    """Make one report in this process."""
    if job.document is None:
        report = lay(cast(Facts, job.facts), job.language, folders)
    else:
        report = Report(cast(Facts, job.facts), load_document(job.document))
    first = first_part(report.document) if job.pages else None
    return Printed(
        document=_text(job, report),
        files={layout: render(report, layout, folders) for layout in job.layouts},
        first_pages=count_pages(first, folders.styles, folders.fonts) if first else 0,
        first_words=len(text_of(first).split()) if first else 0,
    )


def _text(job: Job, report: Report) -> str:
    if not job.keep:
        return ""
    return dump_document(report.document) if job.document is None else job.document


def first_part(document: Document) -> Document:
    """What stands before the first heading that starts a new page."""
    ends = (place for place, block in enumerate(document.blocks) if isinstance(block, Heading) and block.new_page)
    return replace(document, blocks=document.blocks[: next(ends, None)])


def _answer(asked: dict[str, Any], folders: Folders) -> list[bytes]:
    job = Job(
        facts=asked["facts"],
        language=language_of(asked["language"]),
        layouts=tuple(asked["layouts"]),
        document=asked["document"],
        pages=asked["pages"],
        keep=asked["keep"],
    )
    try:
        made = make(job, folders)
    except Exception as error:  # whatever it is, whoever asked must hear of it and the next job must go on
        return [json.dumps({"error": f"{type(error).__name__}: {error}"}).encode()]
    head = {
        "document": made.document,
        "layouts": list(made.files),
        "first_pages": made.first_pages,
        "first_words": made.first_words,
    }
    return [json.dumps(head).encode(), *made.files.values()]


def main() -> None:
    """Answer jobs until the other side closes the pipe."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    folders = Folders(Path(sys.argv[1]), Path(sys.argv[2]))
    jobs, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints must not come between the answers
    while True:
        try:
            asked = read(jobs)
        except EOFError:
            return
        write(answers, *_answer(json.loads(asked), folders))


if __name__ == "__main__":
    main()
