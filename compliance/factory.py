"""create_app: the one place where the parts meet."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import Babel
from flask_migrate import Migrate
from flask_security import Security
from flask_security.utils import hash_password, verify_password
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from compliance import cli, web
from compliance.config import LOOPBACK, ROOT, Settings, load_settings
from compliance.files.scanning import scanner_at
from compliance.files.store import store_at
from compliance.frugal import give_memory_back
from compliance.jobs.worker import worker
from compliance.reporting import Folders
from compliance.services.account import links, mails
from compliance.services.account.sign_in import Passwords
from compliance.services.account.vault import Vault
from compliance.services.assessment.documents import Files
from compliance.storage.accounts import Accounts
from compliance.storage.database import db
from compliance.web import language, uploads

STATIC = ROOT / "build" / "static"
MIGRATIONS = ROOT / "compliance" / "storage" / "migrations"
#: Seconds after which a busy thread lets another one go on. A page lets go of the interpreter at each query and takes
#: it again; with Python's own 0.005 it would wait as long each time while the facts of somebody's report are read.
SWITCH_INTERVAL = 0.0005
WORDS = ROOT / "templates" / "words"


def create_app(settings: Settings | None = None) -> Flask:
    """The application for `settings`; without any, for those of the environment (BadSetting when one is bad)."""
    settings = settings or load_settings()
    sys.setswitchinterval(SWITCH_INTERVAL)
    give_memory_back()
    app = Flask(
        "compliance",
        root_path=str(ROOT / "compliance"),
        instance_path=str(settings.instance),
        template_folder=str(ROOT / "templates"),
        static_folder=str(STATIC),
        static_url_path="/static",
    )
    app.config.update(_config(settings))
    if settings.proxies:
        # Only as many entries are believed as there are proxies: the rest of the list is what a client wrote itself.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    app.extensions["settings"] = settings
    app.extensions["assets"] = _assets()
    app.extensions["documents"] = Files(
        store_at(settings.evidence_url, settings.evidence_endpoint), scanner_at(settings.clamav_url)
    )
    app.extensions["reports"] = Folders(ROOT / "reports", ROOT / "build" / "fonts")
    app.extensions["principles"] = ROOT / "principles"
    settings.instance.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    uploads.install(app)  # before the first guard that reads a form
    Babel(app, default_translation_directories=str(WORDS), locale_selector=language.selected)
    CSRFProtect(app)
    Security(app, Accounts(db), register_blueprint=False)
    mails.LINKS.update(links.MAKERS)
    app.extensions["vault"] = Vault(settings.secret_key)
    app.extensions["passwords"] = Passwords(hash_password, verify_password)
    web.register(app)
    cli.register(app)
    app.cli.add_command(worker)
    return app


def _config(settings: Settings) -> dict[str, object]:
    """Flask's and its extensions' settings."""
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # Another Host is answered with 400: no address in a page or a mail is ever made from what a client claims.
        "TRUSTED_HOSTS": [urlsplit(settings.base_url).hostname, *LOOPBACK],
        "SESSION_COOKIE_NAME": "__Host-session" if settings.secure else "session",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,  # names of static files carry a hash of their content
        "WTF_CSRF_TIME_LIMIT": None,  # a form that took all day is still worth saving; the session decides
        "WTF_I18N_ENABLED": False,  # every message is ours; WTForms' own catalogue would be read for each request
        "BABEL_DEFAULT_LOCALE": "en",
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SALT": settings.secret_key,
        # What OWASP recommends for argon2id; 19 MiB for each password that is compared at the same time.
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__type": "ID",
            "argon2__rounds": 2,
            "argon2__memory_cost": 19_456,
            "argon2__parallelism": 1,
        },
    }


def _assets() -> dict[str, str]:
    """The hashed name of each static file; empty before the first `make assets`."""
    manifest = Path(STATIC / "manifest.json")
    if not manifest.is_file():
        return {}
    names: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    return names
