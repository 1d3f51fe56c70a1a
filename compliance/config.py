"""Settings from the environment. A bad or missing value stops the start and names the setting."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from environs import Env, EnvError, validate

ROOT: Final = Path(__file__).resolve().parent.parent
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
SECRET_LENGTH: Final = 32  # characters


class BadSetting(Exception):
    """A setting is missing or cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; docs/settings.md describes each, and a test compares the two."""

    database_url: str
    secret_key: str
    base_url: str
    host: str
    port: int
    mail_url: str
    mail_from: str
    evidence_url: str
    evidence_endpoint: str
    clamav_url: str
    demo: bool
    scheduler: bool
    instance: Path

    @property
    def secure(self) -> bool:
        """Is the site reached over https?"""
        return self.base_url.startswith("https://")


def load_settings() -> Settings:
    """The settings of the process. Raises BadSetting, naming the variable, for a value that cannot be used."""
    env = Env()
    try:
        settings = _read(env)
        own_key = bool(env.str("SECRET_KEY", ""))
    except EnvError as error:
        raise BadSetting(str(error)) from error
    _refuse_unsafe(settings, own_key=own_key)
    return settings


def _read(env: Env) -> Settings:
    instance = Path(env.str("INSTANCE", str(ROOT / "instance")))
    demo = env.bool("DEMO", False)  # invented companies get a database of their own
    port = env.int("PORT", 8000, validate=validate.Range(1, 65535))
    return Settings(
        database_url=env.str("DATABASE_URL", f"sqlite:///{instance / ('demo.db' if demo else 'tracker.db')}"),
        secret_key=env.str("SECRET_KEY", "") or _own_secret(instance),
        base_url=env.str("BASE_URL", f"http://localhost:{port}").rstrip("/"),
        host=env.str("HOST", "127.0.0.1"),
        port=port,
        mail_url=env.str("MAIL_URL", f"folder:{instance / 'mail'}"),
        mail_from=env.str("MAIL_FROM", ""),
        evidence_url=env.str("EVIDENCE_URL", f"folder:{instance / 'documents'}"),
        evidence_endpoint=env.str("EVIDENCE_ENDPOINT", ""),
        clamav_url=env.str("CLAMAV_URL", ""),
        demo=demo,
        scheduler=env.bool("SCHEDULER", True),
        instance=instance,
    )


def _refuse_unsafe(settings: Settings, *, own_key: bool) -> None:
    """Stop a start that would expose more than the embedded default does."""
    parts = urlsplit(settings.base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadSetting(f"BASE_URL must be an http or https address, not {settings.base_url!r}")
    if not settings.mail_url.startswith(("folder:", "smtp:", "smtps:", "memory:")):
        raise BadSetting("MAIL_URL must begin with folder:, smtp: or smtps:")
    if not settings.evidence_url.startswith(("folder:", "s3://", "memory:")):
        raise BadSetting("EVIDENCE_URL must begin with folder: or s3://")
    if settings.clamav_url and not settings.clamav_url.startswith(("unix:/", "tcp://")):
        raise BadSetting("CLAMAV_URL must begin with unix:/ or tcp://")
    if len(settings.secret_key) < SECRET_LENGTH:
        raise BadSetting(f"SECRET_KEY must have at least {SECRET_LENGTH} characters")
    beyond_loopback = settings.host not in LOOPBACK or parts.hostname not in LOOPBACK
    if settings.demo and beyond_loopback:
        raise BadSetting("DEMO=1 is for this machine only: HOST and BASE_URL must stay on loopback")
    if settings.demo and settings.mail_url.startswith("smtp"):
        raise BadSetting("DEMO=1 sends no real mail: MAIL_URL must be a folder")
    if beyond_loopback and not own_key:
        raise BadSetting("SECRET_KEY must be set when the site is reached from other machines")
    if beyond_loopback and not settings.secure:
        raise BadSetting("BASE_URL must begin with https:// when the site is reached from other machines")


def _own_secret(instance: Path) -> str:
    """The secret key of the embedded default, made once and readable by its owner only."""
    path = instance / "secret_key"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        pass
    instance.mkdir(parents=True, exist_ok=True)
    # Written aside and linked into place: another process that starts at the same time never reads half a key.
    aside = instance / f"secret_key.{os.getpid()}"
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(aside, path)
    except FileExistsError:
        pass  # another process was faster; its key counts
    finally:
        aside.unlink()
    return path.read_text(encoding="ascii")
