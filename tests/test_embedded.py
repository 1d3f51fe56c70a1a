"""`python app.py` on an empty folder: prepares everything, says where it is, stops when asked, starts again quickly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support.engines import ROOT

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def command(environment: Mapping[str, str], program: Sequence[str] = ()) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return subprocess.Popen(
        program or [sys.executable, "app.py"],
        cwd=ROOT,
        env={"PYTHONFAULTHANDLER": "1", **kept, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def served(
    environment: Mapping[str, str], seconds: float, program: Sequence[str] = ()
) -> Iterator[subprocess.Popen[str]]:
    """A running server that answered within `seconds`."""
    process = command(environment, program)
    try:
        end = time.monotonic() + seconds
        while True:
            try:
                with urlopen(f"http://localhost:{environment['PORT']}/healthz", timeout=seconds) as answer:
                    assert answer.status == 200
                break
            except OSError:
                assert process.poll() is None, process.communicate()[0]
                assert time.monotonic() < end, f"no answer within {seconds} seconds"
                time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def stopped(process: subprocess.Popen[str], how: signal.Signals) -> str:
    """What the server said, after it was asked to stop and ended with 0."""
    process.send_signal(how)
    try:
        output, _ = process.communicate(timeout=60)  # a machine may be busy; one that hangs is found all the same
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        output, _ = process.communicate()
        pytest.fail(f"it did not stop; its threads:\n{output}")
    assert process.returncode == 0, output
    return output


def greeting(said: str) -> str:
    """What was said before the reminder clock said something, too."""
    return said.partition("(Ctrl-C stops it)")[0]


def test_first_start_second_start_and_what_is_refused(tmp_path: Path) -> None:
    environment = {"INSTANCE": str(tmp_path / "instance"), "PORT": str(free_port()), "DEMO": "1"}
    with served(environment, 30) as process:
        second = command(environment)
        said, _ = second.communicate(timeout=30)
        assert (second.returncode, said.count("\n")) == (1, 1)
        assert "is already in use" in said
        first = stopped(process, signal.SIGTERM)
    password = (tmp_path / "instance" / "demo_password").read_text().strip()
    assert password in first
    assert "lead@brindlecove.example" in first
    assert f"http://localhost:{environment['PORT']}" in first
    with served(environment, 10) as process:
        again = stopped(process, signal.SIGINT)
    assert greeting(again) == greeting(first)

    demo = {"DEMO": "0", "DATABASE_URL": f"sqlite:///{tmp_path / 'instance' / 'demo.db'}"}
    refused = command(environment | demo)
    said, _ = refused.communicate(timeout=30)
    assert (refused.returncode, said.count("\n")) == (1, 1)
    assert "holds the demo" in said


def test_empty_start_says_where_it_is_and_nothing_of_passwords(tmp_path: Path) -> None:
    environment = {"INSTANCE": str(tmp_path / "instance"), "PORT": str(free_port()), "SCHEDULER": "0"}
    with served(environment, 30) as process:
        said = stopped(process, signal.SIGTERM)
    assert said == f"Serving on http://localhost:{environment['PORT']} (Ctrl-C stops it)\n"
    assert not (tmp_path / "instance" / "demo_password").exists()


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"PORT": "nine"}, "PORT"),
        ({"DEMO": "1", "HOST": "0.0.0.0"}, "DEMO=1"),
        ({"DEMO": "1", "MAIL_URL": "smtp://mail.example"}, "MAIL_URL"),
        ({"BASE_URL": "https://site.example", "HOST": "0.0.0.0"}, "SECRET_KEY"),
    ],
)
def test_bad_settings_stop_the_start_in_one_sentence(
    tmp_path: Path, environment: Mapping[str, str], words: str
) -> None:
    process = command({"INSTANCE": str(tmp_path / "instance"), **environment})
    said, _ = process.communicate(timeout=30)
    assert (process.returncode, said.count("\n")) == (1, 1), said
    assert said.startswith("Cannot start: ")
    assert words in said


def test_a_stop_that_hangs_ends_all_the_same(tmp_path: Path) -> None:
    """And says where it hung."""
    program = (
        "import runpy, threading; from compliance import embedded; from compliance.jobs.scheduler import Schedule; "
        "embedded.STOP_SECONDS = 1; Schedule.stop = lambda _self: threading.Event().wait(); "
        "runpy.run_path('app.py', run_name='__main__')"
    )
    environment = {"INSTANCE": str(tmp_path / "instance"), "PORT": str(free_port())}
    with served(environment, 30, [sys.executable, "-c", program]) as process:
        said = stopped(process, signal.SIGTERM)
    assert "not stopped after 1 s" in said
    assert "most recent call first" in said
