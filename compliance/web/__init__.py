"""The site: one small folder per part, each with its views and forms."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from compliance.web import access, errors, headers, pages

PARTS = (
    "health",
    "home",
    "accounts",
    "framework",
    "profiles",
    "assessments",
    "sharing",
    "questions",
    "answers",
    "asking",
    "team",
    "documents",
    "companies",
    "portfolio",
    "cycles",
    "gaps",
    "reviews",
    "steps",
    "queue",
    "exchange",
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
    for part in (*PARTS, *(("mails",) if settings.demo else ())):
        app.register_blueprint(import_module(f"compliance.web.{part}.views").blueprint)
