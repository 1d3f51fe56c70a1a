"""Documents in S3: the same as in a folder, against a real S3 server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from compliance.domain.errors import Invalid, Unavailable
from compliance.files.store import StoreUnavailable, store_at
from compliance.services.assessment import documents
from compliance.services.assessment.documents import Files, Upload
from tests.bench.servers import free_port
from tests.support import factories as make
from tests.support import files as made

KEYS = {"AWS_ACCESS_KEY_ID": "proof", "AWS_SECRET_ACCESS_KEY": "proof-secret-key", "AWS_REGION": "us-east-1"}


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """`rclone serve s3` on `folder`, whose sub-folders are buckets; its address."""
    port = free_port()
    program = Path(sys.executable).parent / "rclone"
    command = [str(program), "serve", "s3", str(folder), "--addr", f"127.0.0.1:{port}"]
    command += ["--auth-key", f"{KEYS['AWS_ACCESS_KEY_ID']},{KEYS['AWS_SECRET_ACCESS_KEY']}", "--vfs-cache-mode", "off"]
    with subprocess.Popen(
        command, env={**os.environ, "RCLONE_CONFIG": "/dev/null"}, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(port)
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.terminate()


def _wait(port: int) -> None:
    import socket

    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("rclone did not answer")


def test_kept_handed_out_and_down(context: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "evidence").mkdir()
    lead = make.actor(make.organisation())
    now = make.MADE_AT
    with served(tmp_path) as (address, process):
        files = Files(store_at("s3://evidence/documents", address))
        kept = documents.upload(lead, Upload("Policy.pdf", made.pdf(), confirmed=True), files, now=now)
        [stored] = [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]
        assert stored.parent.name == "documents"
        assert stored.read_bytes() == made.pdf()
        assert documents.download(lead, kept.sha256, files, now=now).content == made.pdf()
        files.store.put("gone", b"x")
        files.store.delete("gone")
        with pytest.raises(StoreUnavailable):
            files.store.get("gone")
        process.kill()
        process.wait(timeout=10)
        start = time.monotonic()
        with pytest.raises(Invalid) as refused:
            documents.upload(lead, Upload("Other.txt", b"other", confirmed=True), files, now=now)
        assert [problem.code for problem in refused.value.problems] == ["store_unavailable"]
        with pytest.raises(Unavailable):
            documents.download(lead, kept.sha256, files, now=now)
        assert time.monotonic() - start < 60
