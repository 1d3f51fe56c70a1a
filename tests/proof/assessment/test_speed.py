"""An assessment of at least 60 questions beside a hello world in the same run."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tests.bench.__main__ import GOALS, _actions, _signed_in
from tests.bench.browser import Browser
from tests.bench.measure import compared
from tests.bench.queries import counted
from tests.bench.scene import prepare
from tests.bench.servers import free_port, running

QUESTIONS = 60


def test_task_list_and_save(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    port, bare_port = free_port(), free_port()
    app, scene = prepare(tmp_path / "instance", port)
    queries = {
        "assessment_open": counted(app, scene, scene.lead, f"/assessments/{scene.cycle}"),
        "answer_save": counted(app, scene, scene.lead, scene.question, save=True),
    }
    product = running(["app.py"], port, scene.settings, tmp_path / "app.log")
    bare = running(["-m", "tests.bench.hello", str(bare_port)], bare_port, {}, tmp_path / "hello.log")
    with product, bare:
        company, staff = _signed_in(port, scene.lead, scene), _signed_in(port, scene.reviewer, scene)
        page = company.get(scene.question)
        total = int(re.findall(r"Question \d+ (?:of|sur) (\d+)", page)[0])
        actions = {name: action for name, action in _actions(company, staff, scene).items() if name in queries}
        rows = [
            compared(name, action, Browser(bare_port), companies=12, goal_ratio=GOALS[name], queries=queries[name])
            for name, action in actions.items()
        ]
    figures = ", ".join(f"{row.id} {row.ratio} × (goal {row.goal_ratio}, {row.queries} statements)" for row in rows)
    record_property("result", f"{total} questions: {figures}")
    assert total >= QUESTIONS
    assert all(row.ok for row in rows), figures
