"""A company's answers as files of the command line: the workbook, or the same as JSON."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from compliance.domain import plain
from compliance.domain.answers import Problem
from compliance.domain.errors import Invalid, NotFound
from compliance.domain.permissions import Actor
from compliance.domain.submissions import dump_answer, load_answer
from compliance.domain.text import Language
from compliance.domain.typed import clean
from compliance.domain.workbook import Fault, Place, Row
from compliance.services.actors import actor_for
from compliance.services.assessment import taking, workbooks
from compliance.services.assessment.assessments import own
from compliance.services.assessment.importing import Plan, Scene, carry_out, plan_of, scene_of
from compliance.services.transaction import reading, writing
from compliance.storage.queries import people

FORMAT: Final = 1
JSON_LIMIT: Final = 50 * 1024 * 1024  # bytes


def person(email: str) -> Actor:
    """The person with this address, as who acts. Raises NotFound for one without an account or a role."""
    user = people.user_by_email(reading(), email)
    actor = actor_for(user.id) if user else None
    if actor is None:
        raise NotFound(email)
    return actor


def export(actor: Actor, cycle_slug: str, suffix: str, language: Language, reports: Path, *, now: dt.datetime) -> bytes:
    """The own company's answers as a workbook (".xlsx") or as JSON (".json"). Raises NotFound for another suffix."""
    if suffix == ".xlsx":
        return workbooks.workbook(actor, cycle_slug, language, reports, now=now)
    if suffix != ".json":
        raise NotFound(suffix)
    taken = taking.draft(actor, cycle_slug, "workbook", now=now)
    answers = [
        {
            "service": question.key[0],
            "indicator": question.key[1],
            "version": taken.versions[question.key],
            **dump_answer(taken.entries[question.key]),
        }
        for question in taken.questions
        if question.key in taken.entries
    ]
    head = {"format": FORMAT, "company": taken.company_slug, "cycle": cycle_slug}
    data = {**head, "framework_sha256": taken.framework.sha256, "answers": answers}
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def plan(actor: Actor, cycle_slug: str, suffix: str, content: bytes, reports: Path, *, now: dt.datetime) -> Plan:
    """What a file would change. Raises Invalid when it cannot be read."""
    return _planned(reading(), actor, cycle_slug, suffix, content, reports, now=now)[1]


def save(
    actor: Actor, cycle_slug: str, suffix: str, content: bytes, reports: Path, *, overwrite: bool, now: dt.datetime
) -> int:
    """Save what a file says: all of it, or none; how many answers were saved."""
    key = f"file-{hashlib.sha256(content).hexdigest()[:40]}"
    with writing() as session:
        scene, found = _planned(session, actor, cycle_slug, suffix, content, reports, now=now)
        return carry_out(session, actor, scene, found, key=key, overwrite=overwrite, now=now)


def _planned(
    session: Session,
    actor: Actor,
    cycle_slug: str,
    suffix: str,
    content: bytes,
    reports: Path,
    *,
    now: dt.datetime,
) -> tuple[Scene, Plan]:
    scene = scene_of(session, actor, own(session, actor, cycle_slug), now)
    rows, faults = workbooks.read_rows(scene, content, reports) if suffix == ".xlsx" else _read_json(scene, content)
    return scene, plan_of(scene, rows, faults)


def _read_json(scene: Scene, content: bytes) -> tuple[list[Row], list[Fault]]:
    try:
        if len(content) > JSON_LIMIT:
            raise ValueError("too large")
        data = json.loads(content)
        if data["format"] != FORMAT or not isinstance(data["answers"], list):
            raise ValueError(data["format"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Invalid([Problem("file", "file_unreadable")]) from error
    workbooks.refuse_foreign(
        scene, {name: str(data.get(name, "")) for name in ("company", "cycle", "framework_sha256")}
    )
    rows: list[Row] = []
    faults: list[Fault] = []
    for number, item in enumerate(data["answers"], 1):
        place = Place("answers", str(number))
        try:
            rows.append(_row(item, place))
        except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
            faults.append(Fault(place, "file_unreadable"))
    return rows, faults


def _row(item: Mapping[str, Any], place: Place) -> Row:
    key = (None if item["service"] is None else str(item["service"]), str(item["indicator"]))
    return Row(key, int(item.get("version", 0)), _cleaned(load_answer(item)), {"indicator": place})


def _cleaned(value: Any) -> Any:
    """A value with its texts as a form would clean them; a file may hold anything."""
    changed: dict[str, Any] = {}
    for field in plain.fields_of(type(value)):
        found = getattr(value, field.name)
        if type(found) is str:  # words of the rules are strings of their own kind
            changed[field.name] = clean(found)
        elif isinstance(found, tuple) and found and not isinstance(found[0], str):
            changed[field.name] = tuple(_cleaned(item) for item in found)
    return replace(value, **changed)
