"""Reads a version folder, checks all of it, and hands out the document to store and the framework to use."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from compliance.content.building import build
from compliance.content.decision import decision_faults
from compliance.content.digests import version_sha256, wording_sha256
from compliance.content.faults import ContentError, Fault
from compliance.content.folder import Folder, Version, read_version
from compliance.content.history import history_faults
from compliance.content.identity import identity_faults
from compliance.content.pins import Pin, add_pin, pin_faults, pin_of, read_pins
from compliance.content.priority import load_priority
from compliance.content.references import reference_faults
from compliance.content.reminders import FILE as REMINDERS
from compliance.content.reminders import load_reminders
from compliance.content.vocabulary import vocabulary_faults
from compliance.domain.framework import Framework
from compliance.domain.rules import all_cases

AnyPath: TypeAlias = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A version without faults.

    `document` is plain JSON data: what to store, and what `build` makes the framework from again.
    `published` is the day of its pin (YYYY-MM-DD), None while it may still be edited.
    """

    document: dict[str, Any]
    framework: Framework
    sha256: str
    wording_sha256: str
    published: str | None

    def __str__(self) -> str:
        """What there is, counted."""
        framework = self.framework
        counts = {
            "principle": len(framework.principles),
            "theme": len(framework.themes),
            "indicator": len(framework.indicators),
            "metric": len(framework.metrics),
        }
        words = ", ".join(f"{count:,} {noun}{'' if count == 1 else 's'}" for noun, count in counts.items())
        return f"{words}; the decision table covers all {sum(1 for _ in all_cases()):,} combinations"


def load(path: AnyPath) -> Loaded:
    """The version in the folder `path`. Raises ContentError with every fault, sorted by file and line."""
    folder = Folder.at(path)
    version, pins = _read(folder)
    document = _document(version)
    faults = [*_version_faults(folder, version), *pin_faults(pins, folder.version, version_sha256(document))]
    if faults:
        raise ContentError(sorted(set(faults)))
    framework = build(document)
    pin = pin_of(pins, folder.version)
    return Loaded(document, framework, framework.sha256, wording_sha256(document), pin.published if pin else None)


def check(path: AnyPath) -> list[Fault]:
    """What is wrong with the version in the folder `path`; empty when it can be imported. Never raises."""
    try:
        load(path)
    except ContentError as error:
        return list(error.faults)
    return []


def publish(path: AnyPath, on: dt.date) -> Loaded:
    """Pin the version in the folder `path` as published on the day `on`, if it is not pinned yet.

    Raises ContentError when the version has faults (a pin with another sha256 is one) or the pin cannot be written.
    """
    loaded = load(path)
    if loaded.published is None:
        add_pin(Folder.at(path), loaded.sha256, on)
    return loaded


def _read(folder: Folder) -> tuple[Version, tuple[Pin, ...]]:
    """The sheets of the version and the pins beside it; the faults of both are told together."""
    faults: list[Fault] = []
    pins: tuple[Pin, ...] = ()
    try:
        pins = read_pins(folder)
    except ContentError as error:
        faults += error.faults
    try:
        version = read_version(folder)
    except ContentError as error:
        raise ContentError(sorted([*faults, *error.faults])) from None
    if faults:
        raise ContentError(sorted(faults))
    return version, pins


def _version_faults(folder: Folder, version: Version) -> Iterator[Fault]:
    yield from identity_faults(folder, version)
    yield from reference_faults(version)
    yield from vocabulary_faults(version)
    yield from decision_faults(version.rules)
    yield from history_faults(folder, version)
    yield from _priority_faults(folder, version)
    yield from _reminder_faults(folder)


def _priority_faults(folder: Folder, version: Version) -> Iterator[Fault]:
    """Faults of the order of gaps that stands beside the versions, if there is one."""
    functions = [item["id"] for item in version.framework.data["functions"]]
    severities = [item["id"] for item in version.rules.data["severities"]]
    try:
        load_priority(folder.path.parent, functions=functions, severities=severities)
    except ContentError as error:
        yield from error.faults


def _reminder_faults(folder: Folder) -> Iterator[Fault]:
    """Faults of the usual reminder plan that stands beside the frameworks, if there is one."""
    principles = folder.path.parent.parent
    if not (principles / REMINDERS).is_file():
        return
    try:
        load_reminders(principles)
    except ContentError as error:
        for fault in error.faults:
            yield Fault(f"../{fault.file}", fault.line, fault.reason)


def _document(version: Version) -> dict[str, Any]:
    return {
        "framework": version.framework.data,
        "wording": version.wording.data,
        "principles": {sheet.data["principle"]: sheet.data for sheet in version.principles},
        "units": version.units.data["units"],
        "rules": version.rules.data,
    }
