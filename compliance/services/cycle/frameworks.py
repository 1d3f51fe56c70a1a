"""Importing framework versions, and the framework a cycle is pinned to."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sqlalchemy.orm import Session

from compliance.content import build, load
from compliance.domain.errors import NotAllowed
from compliance.domain.framework import Framework
from compliance.services import audit
from compliance.services.transaction import reading, writing
from compliance.storage.models import FrameworkVersion
from compliance.storage.queries import cycles

_cache: dict[tuple[str, str], Framework] = {}


def import_framework(path: Path, *, now: dt.datetime) -> tuple[Framework, bool]:
    """Import the version folder `path`; the framework, and whether anything was stored.

    Importing the same version again changes nothing, except that corrected wording replaces the earlier wording.
    Raises ContentError for a fault in the files, and NotAllowed when the version is known with other questions:
    a published version is never edited.
    """
    loaded = load(path)
    framework = loaded.framework
    with writing() as session:
        row = cycles.framework_version(session, framework.id, framework.version)
        if row is not None and row.sha256 != loaded.sha256:
            raise NotAllowed(
                f"{framework.id} {framework.version} was imported with other questions; "
                "a published version is never edited: make a new version folder"
            )
        if row is not None and row.wording_sha256 == loaded.wording_sha256:
            return framework, False
        if row is None:
            row = FrameworkVersion(
                framework=framework.id, version=framework.version, sha256=loaded.sha256, imported_at=now
            )
            session.add(row)
        row.wording_sha256 = loaded.wording_sha256
        row.document = loaded.document
        session.flush()
        audit.record(
            session,
            None,
            "framework.import",
            f"framework:{row.id}",
            now=now,
            after={"version": row.version, "sha256": row.sha256, "wording_sha256": row.wording_sha256},
        )
    return framework, True


def framework_for(version: FrameworkVersion) -> Framework:
    """The framework of an imported version, built once per process and content."""
    key = (version.sha256, version.wording_sha256)
    framework = _cache.get(key)
    if framework is None:
        framework = _cache[key] = build(version.document)  # a deferred column: read once per process
    return framework


def newest(session: Session | None = None) -> Framework | None:
    """The framework of the newest cycle, else the one imported last; None before any was imported.

    What is not asked in a cycle (the profile of a service, a fact of the public record) is said in its words.
    """
    version = cycles.newest_framework_version(session or reading())
    return framework_for(version) if version else None
