"""Where documents are kept, and what happens when that place fails."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from compliance.files.scanning import NoScanner, ScannerUnavailable, scanner_at
from compliance.files.store import MemoryStore, StoreUnavailable, store_at
from tests.files.clamd import clamd
from tests.files.hostile import EICAR


def test_a_folder_keeps_and_forgets(tmp_path: Path) -> None:
    store = store_at(f"folder:{tmp_path / 'kept'}")
    store.put("a1b2", b"content")
    assert (tmp_path / "kept" / "a1b2").read_bytes() == b"content"
    assert store.get("a1b2") == b"content"
    with pytest.raises(StoreUnavailable):
        store.put("a1b2", b"other")
    assert store.get("a1b2") == b"content"
    store.delete("a1b2")
    store.delete("a1b2")
    with pytest.raises(StoreUnavailable):
        store.get("a1b2")


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    store = store_at(f"folder:{tmp_path / 'kept'}")
    (tmp_path / "kept").rmdir()
    (tmp_path / "kept").write_text("a file where the folder was")
    with pytest.raises(StoreUnavailable):
        store.put("a1b2", b"content")


def test_an_s3_server_that_is_not_there_does_not_keep_people_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_REGION", "us-east-1")):
        monkeypatch.setenv(name, value)
    store = store_at("s3://bucket/prefix", "http://127.0.0.1:9")
    start = time.monotonic()
    with pytest.raises(StoreUnavailable):
        store.put("a1b2", b"content")
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("url", ["", "folder:", "s3:", "s3:///x", "ftp://x/y", "file:///etc"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="no store"):
        store_at(url)


def test_memory() -> None:
    store = MemoryStore()
    store.put("a", b"b")
    assert store.get("a") == b"b"
    store.delete("a")
    with pytest.raises(StoreUnavailable):
        store.get("a")


def test_the_scanner_is_asked_and_believed() -> None:
    with clamd() as address:
        scanner = scanner_at(address)
        assert scanner.finds(b"a policy") is None
        assert scanner.finds(b"x" + EICAR) == "Eicar-Test-Signature"


def test_a_scanner_that_does_not_answer_lets_nothing_through() -> None:
    for address in ("tcp://127.0.0.1:9", "unix:/nowhere/clamd.ctl"):
        with pytest.raises(ScannerUnavailable):
            scanner_at(address).finds(b"a policy")
    with clamd(answer=b"stream: Can't allocate memory ERROR\0") as broken, pytest.raises(ScannerUnavailable):
        scanner_at(broken).finds(b"a policy")
    assert isinstance(scanner_at(""), NoScanner)
