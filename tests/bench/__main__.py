"""`make bench`: the product's figures as ratios to a hello world measured in the same run, into build/bench.json."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from rich.console import Console

from tests.bench.browser import Browser, csrf_token, hidden_fields
from tests.bench.measure import Row, compared, resident_mb, table
from tests.bench.queries import counted
from tests.bench.scene import Scene, prepare
from tests.bench.servers import ROOT, free_port, running

GOALS = {
    "assessment_open": 30,
    "question_page": 20,
    "answer_save": 12,
    "portfolio_page": 24,
    "brief_pdf": 80,
    "workbook_xlsx": 60,
}
#: A page of the list holds 50 companies; with more of them than that the goal is the one for 10,000.
GOAL_FULL_PAGE = 40
FEW, MANY = 12, 500


def main() -> int:
    """Measure everything, write the file, print the table; 1 when a figure misses its goal."""
    with tempfile.TemporaryDirectory() as folder:
        rows = _few(Path(folder))
        queries = next(row.queries for row in rows if row.id == "portfolio_page")
        rows += [replace(row, ok=row.ok and row.queries == queries) for row in _many(Path(folder))]
    target = ROOT / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([row.data() for row in rows], indent=1) + "\n", encoding="utf-8")
    Console(width=130).print(table(rows))
    return 0 if all(row.ok for row in rows) else 1


def _few(folder: Path) -> list[Row]:
    """Every figure with the companies that `make run` shows."""
    port, bare_port = free_port(), free_port()
    app, scene = prepare(folder / "few", port)
    queries = _queries(app, scene)
    product = running(["app.py"], port, scene.settings, folder / "app.log")
    bare = running(["-m", "tests.bench.hello", str(bare_port)], bare_port, {}, folder / "hello.log")
    with product, bare:
        hello = Browser(bare_port)
        company, staff = _signed_in(port, scene.lead, scene), _signed_in(port, scene.reviewer, scene)
        rows = [
            compared(name, action, hello, companies=FEW, goal_ratio=GOALS[name], queries=queries[name])
            for name, action in _actions(company, staff, scene).items()
        ]
    with running(["app.py"], port, scene.settings, folder / "again.log") as process:
        rows += _memory(process.pid, port, scene)  # of a process that has done nothing else
    return rows


def _many(folder: Path) -> list[Row]:
    """The portfolio page with many companies: as many statements as with few."""
    port, bare_port = free_port(), free_port()
    app, scene = prepare(folder / "many", port, companies=MANY)
    address = f"/companies?cycle={scene.cycle}"
    queries = counted(app, scene, scene.reviewer, address)
    product = running(["app.py"], port, scene.settings, folder / "many.log")
    bare = running(["-m", "tests.bench.hello", str(bare_port)], bare_port, {}, folder / "hello.log")
    with product, bare:
        staff = _signed_in(port, scene.reviewer, scene)
        hello, action, goal = Browser(bare_port), _page(staff, address), GOAL_FULL_PAGE
        return [compared("portfolio_page", action, hello, companies=MANY, goal_ratio=goal, queries=queries)]


def _signed_in(port: int, email: str, scene: Scene) -> Browser:
    browser = Browser(port)
    browser.sign_in(email, scene.password)
    return browser


def _page(browser: Browser, address: str) -> Callable[[], float]:
    return lambda: browser.timed("GET", address)


def _actions(company: Browser, staff: Browser, scene: Scene) -> dict[str, Callable[[], float]]:
    return {
        "assessment_open": _page(company, f"/assessments/{scene.cycle}"),
        "question_page": _page(company, scene.question),
        "answer_save": _saver(company, scene.question),
        "portfolio_page": _page(staff, f"/companies?cycle={scene.cycle}"),
        "brief_pdf": _page(staff, scene.brief),
        "workbook_xlsx": _page(company, f"/assessments/{scene.cycle}/workbook/workbook.xlsx"),
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
        if company.status != 303:
            raise RuntimeError(f"a save answered {company.status}")
        state["version"] += 1
        return took

    return save


def _queries(app: Flask, scene: Scene) -> dict[str, int]:
    """Statements per page, counted in this process on the same data."""
    pages = {
        "assessment_open": (scene.lead, f"/assessments/{scene.cycle}"),
        "question_page": (scene.lead, scene.question),
        "portfolio_page": (scene.reviewer, f"/companies?cycle={scene.cycle}"),
        "brief_pdf": (scene.reviewer, scene.brief),
        "workbook_xlsx": (scene.lead, f"/assessments/{scene.cycle}/workbook/workbook.xlsx"),
    }
    found = {name: counted(app, scene, email, address) for name, (email, address) in pages.items()}
    found["answer_save"] = counted(app, scene, scene.lead, scene.question, save=True)
    return found


def _memory(pid: int, port: int, scene: Scene) -> list[Row]:
    """Of the embedded server after pages of every kind, then after PDFs on top."""
    company, staff = _signed_in(port, scene.lead, scene), _signed_in(port, scene.reviewer, scene)
    tasks, base = f"/assessments/{scene.cycle}", f"/companies/{scene.submitted}"
    turn = cycle(
        [
            *((company, address) for address in ("/", "/services", tasks, scene.question, f"{tasks}/check")),
            *((staff, address) for address in ("/companies", base, f"{base}/{scene.cycle}/review")),
            *((staff, f"{base}/{scene.cycle}/{part}") for part in ("gaps", "brief")),
        ]
    )

    def page() -> None:
        browser, address = next(turn)
        browser.get(address)

    return [
        _memory_row(pid, "memory_200_pages", 180, 200, page),
        _memory_row(pid, "memory_100_pdfs", 350, 100, lambda: staff.get(scene.brief)),
    ]


def _memory_row(pid: int, name: str, goal: float, times: int, action: Callable[[], object]) -> Row:
    for _ in range(times):
        action()
    value = resident_mb(pid)
    return Row(id=name, companies=FEW, value=value, unit="MB", goal=goal, ok=value <= goal)


if __name__ == "__main__":
    sys.exit(main())
