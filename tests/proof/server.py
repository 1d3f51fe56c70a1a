"""A demo server of a proof's own, and people signed in to it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.browser import Browser
from tests.bench.scene import Scene, prepare
from tests.bench.servers import free_port, running


@contextmanager
def demo_server(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], Scene, int]]:
    """The demo in `folder`, served by a process that may run without a control (PROOF_OFF)."""
    port = free_port()
    scene = _scene(folder, port)
    with running(["-m", "tests.proof.launch"], port, scene.settings, folder / "server.log") as process:
        yield process, scene, port


def _scene(folder: Path, port: int) -> Scene:
    before = dict(os.environ)
    try:
        _app, scene = prepare(folder / "instance", port)
    finally:
        os.environ.clear()
        os.environ.update(before)
    return scene


def lead(scene: Scene, port: int) -> Browser:
    browser = Browser(port)
    browser.sign_in(scene.lead, scene.password)
    return browser


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a server as a power cut would: no handler runs."""
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
