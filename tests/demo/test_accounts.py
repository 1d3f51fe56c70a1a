"""The demo password: one per installation, kept private, and the accounts follow it."""

import stat
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.demo import accounts, loading
from compliance.storage.models import User
from tests.demo.conftest import MADE_AT


def test_password_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "instance" / "demo_password"
    password = accounts.password_in(path)
    assert len(password) >= 12
    assert accounts.password_in(path) == password
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert accounts.password_in(tmp_path / "another" / "demo_password") != password


def test_accounts_follow_the_file(context: Flask, session: Session) -> None:
    loading.load(1, 1, hash_password=lambda: "hash of first", now=MADE_AT)
    hashed: list[str] = []

    def hash_password(password: str) -> str:
        hashed.append(password)
        return f"hash of {password}"

    def verify(password: str, stored: str) -> bool:
        return stored == f"hash of {password}"

    accounts.keep_password("first", verify, hash_password)
    assert hashed == []
    accounts.keep_password("second", verify, hash_password)
    session.rollback()
    assert hashed == ["second"]
    assert set(session.scalars(select(User.password))) == {"hash of second"}
