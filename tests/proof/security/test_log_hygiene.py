"""A planted password, token, answer and evidence text are in no log line, no error page, no address and no mail."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench.browser import Browser, csrf_token, hidden_fields
from tests.bench.servers import ROOT, free_port

PLANTED = {
    "password": "Planted-password-7319",
    "token": "planted-token-55e1c0",
    "answer": "Planted answer about how we detect",
    "evidence": "Planted evidence of an internal letter",
}
REFUSALS = frozenset({400, 401, 403, 404, 409, 413, 422, 429})
pytestmark = pytest.mark.slow


def test_nothing_planted_is_found(tmp_path: Path, record_property) -> None:
    """A real server in demo mode, at its most talkative, through sign-in, save, refusals and faults; then all it wrote."""
    port = free_port()
    log = tmp_path / "server.log"
    settings = {"INSTANCE": str(tmp_path / "instance"), "PORT": str(port), "DEMO": "1", "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env={**os.environ, **settings}, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            _wait(port)
            _use(port, (tmp_path / "instance" / "demo_password").read_text().strip())
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)
    texts = {path: path.read_bytes() for path in [log, *(tmp_path / "instance" / "mail").rglob("*")] if path.is_file()}
    for path, content in texts.items():
        for name, planted in PLANTED.items():
            assert planted.encode() not in content, (name, path.name)
    record_property("result", f"{len(texts)} files of logs and mails, 0 of {len(PLANTED)} planted texts")


def _wait(port: int) -> None:
    for _attempt in range(600):
        try:
            browser = Browser(port)
            browser.get("/healthz")
            browser.close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(port)


def _use(port: int, password: str) -> None:
    """Everything a person types, right and wrong."""
    stranger, lead = Browser(port, REFUSALS), Browser(port, REFUSALS)
    page = stranger.get("/sign-in")
    body = {"email": "lead@pebblecroft.example", "password": PLANTED["password"], "csrf_token": csrf_token(page)}
    stranger.post("/sign-in", list(body.items()))
    stranger.get(f"/no-such-page?token={PLANTED['token']}")
    lead.sign_in("lead@pebblecroft.example", password)
    tasks = lead.get("/")
    home = re.search(r'href="(/assessments/[^"/]+)"', tasks)
    assert home
    question = re.search(r'href="(/assessments/[^"]+/services/[^"]+)"', lead.get(home.group(1)))
    assert question
    form = hidden_fields(lead.get(question.group(1)))
    answer = {**form, "status": "in_place", "explanation": PLANTED["answer"]}
    answer |= {"evidence-0-grade": "stated", "evidence-0-description": PLANTED["evidence"]}
    lead.post(question.group(1), list(answer.items()))  # saved
    lead.post(question.group(1), list(answer.items()))  # a conflict
    lead.post(question.group(1), list({**answer, "status": "nonsense", "planned_on-day": "x"}.items()))
    lead.post(question.group(1), list({**answer, "csrf_token": PLANTED["token"]}.items()))
    lead.post(question.group(1), list({"explanation": PLANTED["answer"] * 40_000}.items()))  # too large
    stranger.close()
    lead.close()


def test_a_fault_is_logged_without_what_was_typed(app, context, caplog: pytest.LogCaptureFixture) -> None:
    """A crash in a use case logs its traceback; the form and the cookies are not in it."""
    from flask.testing import FlaskClient

    from compliance.services.assessment import answers
    from tests.proof.security import world as worlds
    from tests.support import factories as make

    world = worlds.build()
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def crash(*_args: object, **_options: object) -> None:
        raise RuntimeError("the disk is gone")

    with pytest.MonkeyPatch.context() as patch, app.test_client() as client, caplog.at_level(logging.DEBUG):
        patch.setattr(answers, "save", crash)
        make.sign_in(client, world.people["own", "lead"])
        client.set_cookie("other", PLANTED["token"])
        body = {"status": "in_place", "explanation": PLANTED["answer"], "password": PLANTED["password"], "version": "1"}
        answer = FlaskClient.open(client, "/assessments/later/services/photos/P01.a", method="POST", data=body)
    assert answer.status_code == 500
    assert "the disk is gone" in caplog.text
    for what, planted in PLANTED.items():
        assert planted not in caplog.text
        # The page gives back the text to who has just typed it, so that it is not lost, and no secret.
        assert (planted in answer.text) is (what == "answer"), what
