"""The site: one small folder per part, each with its views and forms."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from compliance.web import access, errors, headers, pages
from compliance.web.sign_in import out

PARTS = (
    "health",
    "home",
    "sign_in",
    "passkeys",
    "single_sign_on",
    "passwords",
    "invitations",
    "accounts",
    "people",
    "framework",
    "profiles",
    "assessments",
    "sharing",
    "questions",
    "answers",
    "asking",
    "team",
    "documents",
    "workbooks",
    "afterwards",
    "companies",
    "portfolio",
    "cycles",
    "gaps",
    "reviews",
    "steps",
    "disputes",
    "queue",
    "exchange",
    "feedback",
    "commitments",
    "engagements",
    "public_record",
    "corrections",
    "briefs",
    "reports",
    "audit",
    "reminders",
    "mail_settings",
    "contacts",
)


def register(app: Flask) -> None:
    """Put the parts of the site, its guard, its headers and its error pages into `app`."""
    settings = app.extensions["settings"]
    pages.install(app)
    access.install(app)
    headers.install(app, secure=settings.secure)
    errors.install(app)
    app.register_blueprint(out.blueprint)
    for part in (*PARTS, *(("mails",) if settings.demo else ())):
        app.register_blueprint(import_module(f"compliance.web.{part}.views").blueprint)
    access.exempt(app)
