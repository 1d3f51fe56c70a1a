"""`make bench`: the product's figures as ratios to a hello world measured in the same run, into build/bench.json."""

from __future__ import annotations

import datetime as dt
import json
import statistics
import sys
import tempfile
import time
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
from tests.bench.reports import report_rows
from tests.bench.scene import Scene, prepare
from tests.bench.servers import ROOT, free_port, running

GOALS = {
    "assessment_open": 30,
    "question_page": 20,
    "answer_save": 12,
    "portfolio_page": 24,
    "brief_pdf": 80,
    "brief_docx": 120,
    "brief_xlsx": 60,
    "workbook_xlsx": 60,
}
#: A page of the list holds 50 companies: full at 100 and at 10,000, with a goal for each.
GOAL_FULL_PAGE = {100: 24, 10_000: 40}
SAMPLES_OF_FACTS = 7
FEW, MANY = 12, tuple(GOAL_FULL_PAGE)


def main() -> int:
    """Measure everything, write the file, print the table; 1 when a figure misses its goal."""
    with tempfile.TemporaryDirectory() as folder:
        rows = _few(Path(folder))
        queries = next(row.queries for row in rows if row.id == "portfolio_page")
        for companies in MANY:
            found = many(Path(folder), companies)
            rows += [replace(row, ok=row.ok and row.queries in (None, queries)) for row in found]
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


def many(folder: Path, companies: int) -> list[Row]:
    """The portfolio page with many companies, as many statements as with few; with most of them the facts, too."""
    port, bare_port = free_port(), free_port()
    app, scene = prepare(folder / str(companies), port, companies=companies)
    address = f"/companies?cycle={scene.cycle}"
    queries = counted(app, scene, scene.reviewer, address)
    facts = [facts_row(app, scene, companies), *report_rows(scene, companies)] if companies >= max(MANY) else []
    product = running(["app.py"], port, scene.settings, folder / "many.log")
    bare = running(["-m", "tests.bench.hello", str(bare_port)], bare_port, {}, folder / "hello.log")
    with product, bare:
        staff = _signed_in(port, scene.reviewer, scene)
        hello, action, goal = Browser(bare_port), _page(staff, address), GOAL_FULL_PAGE[companies]
        return [
            compared("portfolio_page", action, hello, companies=companies, goal_ratio=goal, queries=queries),
            *facts,
        ]


def facts_row(app: Flask, scene: Scene, companies: int) -> Row:
    """The facts of heatmap and overview, computed in this process: the best of a few, in milliseconds."""
    from compliance.services.actors import actor_for
    from compliance.services.portfolio.overview import overview
    from compliance.services.portfolio.portfolio import Which, portfolio
    from compliance.services.transaction import reading
    from compliance.storage.queries import people

    now = dt.datetime.now(dt.UTC)
    with app.app_context():
        user = people.user_by_email(reading(), scene.reviewer)
        actor = actor_for(user.id) if user else None
        if actor is None:
            raise RuntimeError(f"there is no {scene.reviewer}")
        times = []
        for _ in range(SAMPLES_OF_FACTS):
            start = time.perf_counter()
            portfolio(actor, scene.cycle, Which(), page=1, now=now)
            overview(actor, scene.cycle, now=now)
            times.append((time.perf_counter() - start) * 1000)
    value = round(statistics.median(times), 1)
    return Row(id="heatmap_facts", companies=companies, value=value, unit="ms", goal=250, ok=value <= 250)


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
        "brief_docx": _page(staff, scene.brief_as("docx")),
        "brief_xlsx": _page(staff, scene.brief_as("xlsx")),
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
        "brief_docx": (scene.reviewer, scene.brief_as("docx")),
        "brief_xlsx": (scene.reviewer, scene.brief_as("xlsx")),
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
