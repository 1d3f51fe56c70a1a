"""Settings from the environment. A bad or missing value stops the start and names the setting."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from environs import Env, EnvError, validate

ROOT: Final = Path(__file__).resolve().parent.parent
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
SECRET_LENGTH: Final = 32  # characters
SECRET_VARIETY: Final = 12  # different ones: a key of random hexadecimal digits has all sixteen
MOST_PROXIES: Final = 5


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
    audit_heads: Path
    proxies: int

    @property
    def secure(self) -> bool:
        """Is the site reached over https?"""
        return self.base_url.startswith("https://")


def load_settings() -> Settings:
    """The settings of the process. Raises BadSetting, naming the variable, for a value that cannot be used."""
    env = Env()
    try:
        settings = _read(env)
        start = _Start(settings, own_key=bool(env.str("SECRET_KEY", "")), debug=env.bool("FLASK_DEBUG", False))
    except EnvError as error:
        raise BadSetting(str(error)) from error
    _refuse_unsafe(start)
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
        audit_heads=Path(env.str("AUDIT_HEADS", str(instance / "audit-heads"))),
        proxies=env.int("PROXIES", 0, validate=validate.Range(0, MOST_PROXIES)),
    )


@dataclass(frozen=True, slots=True)
class _Start:
    """What the refusals look at."""

    settings: Settings
    own_key: bool  # SECRET_KEY was set, not made
    debug: bool

    @property
    def site(self) -> SplitResult:
        return urlsplit(self.settings.base_url)

    @property
    def outside(self) -> bool:
        """Can other machines reach the site?"""
        return self.settings.host not in LOOPBACK or self.site.hostname not in LOOPBACK

    @property
    def remote_database(self) -> bool:
        database = urlsplit(self.settings.database_url)
        return database.scheme.startswith("postgresql") and database.hostname not in (None, *LOOPBACK)

    @property
    def evidence_in_the_clear(self) -> bool:
        endpoint = urlsplit(self.settings.evidence_endpoint)
        return endpoint.scheme == "http" and endpoint.hostname not in LOOPBACK

    @property
    def readable_key(self) -> bool:
        """Can other accounts of this machine read the key that was made here?"""
        path = self.settings.instance / "secret_key"
        return not self.own_key and bool(path.stat().st_mode & 0o077)


#: What stops a start, in this order, and what is said then; each sentence names the setting.
_REFUSALS: Final[tuple[tuple[Callable[[_Start], bool], str], ...]] = (
    (
        lambda start: start.site.scheme not in ("http", "https") or not start.site.hostname,
        "BASE_URL must be an http or https address",
    ),
    (
        lambda start: bool(start.site.username or start.site.path or start.site.query or start.site.fragment),
        "BASE_URL is the address of the site alone: no path, no name and no password in it",
    ),
    (
        lambda start: not start.settings.mail_url.startswith(("folder:", "smtp:", "smtps:", "memory:")),
        "MAIL_URL must begin with folder:, smtp: or smtps:",
    ),
    (
        lambda start: not start.settings.evidence_url.startswith(("folder:", "s3://", "memory:")),
        "EVIDENCE_URL must begin with folder: or s3://",
    ),
    (
        lambda start: not (start.settings.clamav_url or "unix:/").startswith(("unix:/", "tcp://")),
        "CLAMAV_URL must begin with unix:/ or tcp://",
    ),
    (
        lambda start: not start.settings.database_url.startswith(("sqlite:", "postgresql")),
        "DATABASE_URL must begin with sqlite: or postgresql",
    ),
    (
        lambda start: len(start.settings.secret_key) < SECRET_LENGTH,
        f"SECRET_KEY must have at least {SECRET_LENGTH} characters",
    ),
    (
        lambda start: len(set(start.settings.secret_key)) < SECRET_VARIETY,
        f"SECRET_KEY can be guessed: it has fewer than {SECRET_VARIETY} different characters",
    ),
    (
        lambda start: start.readable_key,
        "INSTANCE holds a secret_key that other accounts can read: chmod 600 it, or make a new one",
    ),
    (
        lambda start: start.settings.demo and start.outside,
        "DEMO=1 is for this machine only: HOST and BASE_URL must stay on loopback",
    ),
    (
        lambda start: start.settings.demo and start.settings.mail_url.startswith("smtp"),
        "DEMO=1 sends no real mail: MAIL_URL must be a folder",
    ),
    (
        lambda start: start.outside and not start.own_key,
        "SECRET_KEY must be set when the site is reached from other machines",
    ),
    (
        lambda start: start.outside and not start.settings.secure,
        "BASE_URL must begin with https:// when the site is reached from other machines",
    ),
    (
        lambda start: start.outside and start.site.hostname in LOOPBACK,
        "BASE_URL must be the name under which other machines reach the site, not loopback",
    ),
    (
        lambda start: start.outside and not start.settings.mail_url.startswith("smtp"),
        "MAIL_URL must be a mail server when the site is reached from other machines: mail in a folder reaches nobody",
    ),
    (
        lambda start: start.outside and start.debug,
        "FLASK_DEBUG must be off when the site is reached from other machines",
    ),
    (
        lambda start: start.outside and start.remote_database and "sslmode=" not in start.settings.database_url,
        "DATABASE_URL must say how the connection is protected: add ?sslmode=verify-full",
    ),
    (
        lambda start: start.outside and start.evidence_in_the_clear,
        "EVIDENCE_ENDPOINT must begin with https:// when it is on another machine",
    ),
)


def _refuse_unsafe(start: _Start) -> None:
    """Stop a start that would expose more than the embedded default does."""
    for holds, sentence in _REFUSALS:
        if holds(start):
            raise BadSetting(sentence)


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
