"""`make bench`: the product's figures as ratios to a hello world measured in the same run, into build/bench.json."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from rich.console import Console
from rich.table import Table

from tests.bench.browser import Browser, csrf_token, hidden_fields
from tests.bench.measure import Row, compared, resident_mb
from tests.bench.queries import counted
from tests.bench.scene import Scene, prepare
from tests.bench.servers import ROOT, free_port, running

GOALS = {
    "assessment_open": 30,
    "question_page": 20,
    "answer_save": 12,
    "portfolio_page": 24,
    "brief_pdf": 80,
}
COMPANIES = 12


def main() -> int:
    """Measure everything, write the file, print the table; 1 when a figure misses its goal."""
    with tempfile.TemporaryDirectory() as folder:
        rows = _measure(Path(folder))
    target = ROOT / "build" / "bench.json"
    target.write_text(json.dumps([row.data() for row in rows], indent=1) + "\n", encoding="utf-8")
    Console(width=130).print(_table(rows))
    return 0 if all(row.ok for row in rows) else 1


def _measure(folder: Path) -> list[Row]:
    port, bare_port = free_port(), free_port()
    app, scene = prepare(folder / "instance", port)
    queries = _queries(app, scene)
    product = running(["app.py"], port, scene.settings, folder / "app.log")
    bare = running(["-m", "tests.bench.hello", str(bare_port)], bare_port, {}, folder / "hello.log")
    with product, bare:
        hello = Browser(bare_port)
        company, staff = Browser(port), Browser(port)
        company.sign_in(scene.lead, scene.password)
        staff.sign_in(scene.reviewer, scene.password)
        rows = [
            compared(name, action, hello, companies=COMPANIES, goal_ratio=GOALS[name], queries=queries[name])
            for name, action in _actions(company, staff, scene).items()
        ]
    with running(["app.py"], port, scene.settings, folder / "again.log") as process:
        staff = Browser(port)  # memory is that of a process that has done nothing else
        staff.sign_in(scene.reviewer, scene.password)
        rows += _memory(process.pid, staff, scene)
    return rows


def _actions(company: Browser, staff: Browser, scene: Scene) -> dict[str, Callable[[], float]]:
    base = f"/companies/{scene.submitted}/{scene.cycle}"
    return {
        "assessment_open": lambda: company.timed("GET", f"/assessments/{scene.cycle}"),
        "question_page": lambda: company.timed("GET", scene.question),
        "answer_save": _saver(company, scene.question),
        "portfolio_page": lambda: staff.timed("GET", f"/companies?cycle={scene.cycle}"),
        "brief_pdf": lambda: staff.timed("GET", f"{base}/brief/brief.pdf"),
    }


def _saver(company: Browser, address: str) -> Callable[[], float]:
    """A real save each time: the version counted up, a key and a text of its own, a commit and an audit row."""
    page = company.get(address)
    fields = {"csrf_token": csrf_token(page), "status": "in_place"}
    state = {"version": int(hidden_fields(page)["version"]), "turn": 0}

    def save() -> float:
        state["turn"] += 1
        body = fields | {
            "version": str(state["version"]),
            "key": f"bench-{state['turn']}",
            "explanation": f"Matching runs on every upload, revision {state['turn']}.",
        }
        took = company.timed("POST", address, urlencode(body))
        state["version"] += 1
        return took

    return save


def _queries(app: Flask, scene: Scene) -> dict[str, int]:
    """Statements per page, counted in this process on the same data."""
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    base = f"/companies/{scene.submitted}/{scene.cycle}"
    pages = {
        "assessment_open": (scene.lead, f"/assessments/{scene.cycle}"),
        "question_page": (scene.lead, scene.question),
        "portfolio_page": (scene.reviewer, f"/companies?cycle={scene.cycle}"),
        "brief_pdf": (scene.reviewer, f"{base}/brief/brief.pdf"),
    }
    found = {name: counted(app, scene, email, address) for name, (email, address) in pages.items()}
    found["answer_save"] = counted(app, scene, scene.lead, scene.question, save=True)
    return found


def _memory(pid: int, staff: Browser, scene: Scene) -> list[Row]:
    pages = _memory_row(pid, "memory_200_pages", 180, 200, lambda: staff.get(f"/companies/{scene.submitted}"))
    address = f"/companies/{scene.submitted}/{scene.cycle}/brief/brief.pdf"
    return [pages, _memory_row(pid, "memory_100_pdfs", 350, 100, lambda: staff.get(address))]


def _memory_row(pid: int, name: str, goal: float, times: int, action: Callable[[], object]) -> Row:
    for _ in range(times):
        action()
    value = resident_mb(pid)
    return Row(id=name, companies=COMPANIES, value=value, unit="MB", goal=goal, ok=value <= goal)


def _table(rows: list[Row]) -> Table:
    table = Table(title="Beside a hello world in the same run")
    for heading in ("figure", "median ms", "p95 ms", "hello ms", "ratio", "goal", "queries", "ok"):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for row in rows:
        ratio = f"{row.ratio} ×" if row.ratio else f"{row.value} {row.unit}"
        goal = f"≤ {row.goal_ratio or row.goal}"
        cells = (row.median_ms, row.p95_ms, row.hello_ms)
        table.add_row(
            row.id, *("" if cell is None else str(cell) for cell in cells), ratio, goal, str(row.queries or ""),
            "yes" if row.ok else "NO",
        )  # fmt: skip
    return table


if __name__ == "__main__":
    sys.exit(main())
