"""Making files in processes of their own, so that a page that somebody else asks for does not wait for them.

Laying out a report takes a tenth of a second of one core, most of it inside the interpreter's lock. Each process of the
product has a small number of printers (`compliance.reporting.printer`), started when they are first needed, with low
priority, and given work one job at a time through a pipe. Jobs and files are plain JSON and bytes; a printer has no
database, no settings and no secrets.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import subprocess  # nosec B404 - starts our own module and nothing else
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from compliance.domain.text import Language
from compliance.reporting.formats import Folders

CODE: Final = Path(__file__).resolve().parents[2]
SECONDS: Final = 120.0  # the longest that one job may take
CORES: Final = max(1, os.cpu_count() or 1)
#: One core stays free for pages; a worker, which serves none, takes them all.
PRINTERS: Final = max(1, min(4, CORES - 1))


class PrintingFailed(RuntimeError):
    """A report could not be made; the message is the printer's."""


@dataclass(frozen=True, slots=True)
class Job:
    """One edition in one language: lay it out (from `facts`, or as the stored `document` says) as `layouts`.

    `pages`: count the pages of its first part, too, which ends where the outline starts a new page. `keep`: give the
    document back as text, so that it can be stored.
    """

    facts: Mapping[str, Any]
    language: Language
    layouts: tuple[str, ...] = ()
    document: str | None = None
    pages: bool = False
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Printed:
    """The document as text, the files by layout, and the pages and words of the first part when they were asked for.

    The document is "" when it was not to be kept.
    """

    document: str
    files: Mapping[str, bytes]
    first_pages: int
    first_words: int


class Press:
    """The printers of this process. Any number of threads may ask; each waits until a printer is free."""

    def __init__(self, folders: Folders, printers: int = PRINTERS) -> None:
        self.printers = printers
        self._folders = folders
        self._free: queue.LifoQueue[_Printer | None] = queue.LifoQueue()  # the warm ones first
        self._all: list[_Printer] = []
        self._lock = threading.Lock()
        for _ in range(printers):
            self._free.put(None)

    def make(self, job: Job) -> Printed:
        """Make one report. Raises PrintingFailed when it cannot be made or takes too long."""
        printer = self._free.get()
        try:
            printer = printer or self._started()
            made = printer.make(job)
        except _PrinterLost as lost:
            printer = None
            raise PrintingFailed(str(lost)) from lost
        finally:
            self._free.put(printer)
        return made

    def _started(self) -> _Printer:
        printer = _Printer(self._folders)
        with self._lock:
            self._all = [known for known in self._all if known.lives] + [printer]
        return printer

    def close(self) -> None:
        """Let every printer end."""
        with self._lock:
            printers, self._all = self._all, []
        for printer in printers:
            printer.end()


_presses: Final[dict[Folders, Press]] = {}
_opening: Final = threading.Lock()


def press_for(folders: Folders, printers: int = PRINTERS) -> Press:
    """The press of this process for these folders; whoever asks first says how many printers it has."""
    with _opening:
        if folders not in _presses:
            _presses[folders] = Press(folders, printers)
            atexit.register(_presses[folders].close)
        return _presses[folders]


class _PrinterLost(RuntimeError):
    """The process died, or was ended because it took too long."""


class _Printer:
    def __init__(self, folders: Folders) -> None:
        self._process = subprocess.Popen(  # noqa: S603  # nosec B603 - our own module, no input in the command
            [sys.executable, "-m", "compliance.reporting.printer", str(folders.reports), str(folders.fonts)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=CODE,
            env={name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
            # One thread for each: many would push pages aside, and PDFs are made beside each other anyway.
            | {"RAYON_NUM_THREADS": "1"}
            | {"PYTHONPATH": os.pathsep.join([str(CODE), *filter(None, sys.path)])},
        )

    @property
    def lives(self) -> bool:
        return self._process.poll() is None

    def make(self, job: Job) -> Printed:
        asked = {
            "facts": job.facts,
            "language": job.language,
            "layouts": job.layouts,
            "document": job.document,
            "pages": job.pages,
            "keep": job.keep,
        }
        patience = threading.Timer(SECONDS, self._process.kill)
        patience.start()
        try:
            write(self._process.stdin, json.dumps(asked).encode())
            head = json.loads(read(self._process.stdout))
            files = {layout: read(self._process.stdout) for layout in head.get("layouts", ())}
        except (OSError, EOFError) as error:
            self._process.kill()
            raise _PrinterLost("the printer ended before the report was made") from error
        finally:
            patience.cancel()
        if "error" in head:
            raise PrintingFailed(head["error"])
        return Printed(head["document"], files, head["first_pages"], head["first_words"])

    def end(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()


def write(stream: IO[bytes] | None, *blocks: bytes) -> None:
    """Write blocks, each with its length before it."""
    assert stream is not None
    for block in blocks:
        stream.write(len(block).to_bytes(8, "big"))
        stream.write(block)
    stream.flush()


def read(stream: IO[bytes] | None) -> bytes:
    """The next block; raises EOFError when the other side has ended."""
    assert stream is not None
    head = stream.read(8)
    if len(head) < 8:
        raise EOFError
    block = stream.read(int.from_bytes(head, "big"))
    if len(block) < int.from_bytes(head, "big"):
        raise EOFError
    return block


def make_all(press: Press, jobs: Sequence[Job]) -> list[Printed]:
    """Several jobs, on as many printers as are free."""
    if len(jobs) < 2:
        return [press.make(job) for job in jobs]
    with ThreadPoolExecutor(min(len(jobs), press.printers)) as pool:
        return list(pool.map(press.make, jobs))
