"""Rows of the bench: ours and a hello world, request by request, in the same run."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from tests.bench.browser import Browser
from tests.bench.queries import MOST_QUERIES

WARM_UPS = 20
SAMPLES = 200


def resident_mb(pid: int) -> float:
    """Memory of a process that is in use now, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return round(int(kilobytes) / 1024, 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. A timed one has a ratio to the hello world; another has `value`, `unit` and `goal`."""

    id: str
    companies: int
    median_ms: float | None = None
    p95_ms: float | None = None
    hello_ms: float | None = None
    ratio: float | None = None
    goal_ratio: float | None = None
    value: float | None = None
    unit: str | None = None
    goal: float | None = None
    queries: int | None = None
    ok: bool = True

    def data(self) -> dict[str, Any]:
        return asdict(self)


def compared(
    row_id: str, ours: Callable[[], float], hello: Browser, *, companies: int, goal_ratio: float, queries: int
) -> Row:
    """Time `ours` (which returns milliseconds) against the hello world, interleaved, after warm-ups."""
    for _ in range(WARM_UPS):
        ours()
        hello.timed("GET", "/")
    pairs = [(ours(), hello.timed("GET", "/")) for _ in range(SAMPLES)]
    mine = [pair[0] for pair in pairs]
    median, bare = statistics.median(mine), statistics.median(pair[1] for pair in pairs)
    ratio = median / bare
    return Row(
        id=row_id,
        companies=companies,
        median_ms=round(median, 2),
        p95_ms=round(statistics.quantiles(mine, n=20)[-1], 2),
        hello_ms=round(bare, 3),
        ratio=round(ratio, 1),
        goal_ratio=goal_ratio,
        queries=queries,
        ok=ratio <= goal_ratio and queries <= MOST_QUERIES,
    )


def table(rows: list[Row]) -> Table:
    """The figures for people."""
    shown = Table(title="Beside a hello world in the same run")
    for heading in ("figure", "companies", "median ms", "p95 ms", "hello ms", "ratio", "goal", "queries", "ok"):
        shown.add_column(heading, justify="left" if heading == "figure" else "right")
    for row in rows:
        figure = f"{row.ratio} ×" if row.ratio else f"{row.value} {row.unit}"
        numbers = (row.companies, row.median_ms, row.p95_ms, row.hello_ms)
        cells = ["" if number is None else str(number) for number in numbers]
        goal = f"≤ {row.goal_ratio or row.goal}"
        shown.add_row(row.id, *cells, figure, goal, str(row.queries or ""), "yes" if row.ok else "NO")
    return shown
