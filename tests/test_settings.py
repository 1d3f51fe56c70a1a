"""Settings that would expose more than the embedded default stop the start, by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from compliance.config import BadSetting, load_settings

KEY = "kq3vN0-8sYw_ZrT5uXb1HcMpGd6LfJa9"
#: A site that other machines reach, as it should be.
SAFE = {
    "HOST": "0.0.0.0",
    "BASE_URL": "https://tracker.example",
    "SECRET_KEY": KEY,
    "MAIL_URL": "smtp://user:secret@mail.example:587",
    "DATABASE_URL": "postgresql+psycopg://app:secret@db.example/tracker?sslmode=verify-full",
}

UNSAFE = {
    "no address": ({"BASE_URL": "ftp://tracker.example"}, "BASE_URL"),
    "a path in the address": ({"BASE_URL": "https://tracker.example/app"}, "BASE_URL"),
    "a password in the address": ({"BASE_URL": "https://me:pw@tracker.example"}, "BASE_URL"),
    "no mail scheme": ({"MAIL_URL": "mail.example"}, "MAIL_URL"),
    "another database": ({"DATABASE_URL": "mysql://db.example/tracker"}, "DATABASE_URL"),
    "a short key": ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    "a key of one letter": ({"SECRET_KEY": "a" * 64}, "SECRET_KEY"),
    "a key like changeme": ({"SECRET_KEY": "changeme" * 8}, "SECRET_KEY"),
    "no key": ({"SECRET_KEY": ""}, "SECRET_KEY"),
    "demo for others": ({"DEMO": "1"}, "DEMO"),
    "demo with real mail": ({"DEMO": "1", "HOST": "127.0.0.1", "BASE_URL": "http://localhost:8000"}, "MAIL_URL"),
    "http": ({"BASE_URL": "http://tracker.example"}, "BASE_URL"),
    "loopback as the name": ({"BASE_URL": "https://localhost"}, "BASE_URL"),
    "mail into a folder": ({"MAIL_URL": "folder:/var/mail"}, "MAIL_URL"),
    "debugging": ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
    "a database in the clear": ({"DATABASE_URL": "postgresql+psycopg://app:secret@db.example/tracker"}, "DATABASE_URL"),
    "another place for documents": ({"EVIDENCE_URL": "ftp://x"}, "EVIDENCE_URL"),
    "documents in the clear": ({"EVIDENCE_ENDPOINT": "http://objects.example"}, "EVIDENCE_ENDPOINT"),
    "another scanner": ({"CLAMAV_URL": "scan.example"}, "CLAMAV_URL"),
    "believing everybody": ({"PROXIES": "99"}, "PROXIES"),
    "a negative number": ({"PROXIES": "-1"}, "PROXIES"),
}


@pytest.fixture(autouse=True)
def safe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DEMO", "PORT", "PROXIES", "FLASK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (SAFE | {"INSTANCE": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)


def test_safe_settings_are_taken() -> None:
    settings = load_settings()
    assert settings.secure
    assert settings.secret_key == KEY


@pytest.mark.parametrize(("change", "name"), UNSAFE.values(), ids=UNSAFE)
def test_an_unsafe_setting_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, str], name: str
) -> None:
    for variable, value in change.items():
        monkeypatch.setenv(variable, value)
    with pytest.raises(BadSetting, match=name) as refused:
        load_settings()
    assert "secret@" not in str(refused.value), "no password of another setting is told"


def test_a_key_that_others_can_read_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HOST", "BASE_URL", "MAIL_URL", "SECRET_KEY"):
        monkeypatch.delenv(name)
    assert len(load_settings().secret_key) > 32
    (tmp_path / "secret_key").chmod(0o644)
    with pytest.raises(BadSetting, match="INSTANCE"):
        load_settings()
