"""The controls that rows of the group `main` switch off, by name."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.proof.off import replace


def content_checks() -> None:
    from compliance.content import checking

    for group in ("identity", "reference", "vocabulary", "decision", "history", "pin"):
        setattr(checking, f"{group}_faults", lambda *_args, **_options: iter(()))


def other_framework() -> None:
    """A product that knows one framework only."""
    from compliance.content import building

    honest = building.build

    def build(document: Any) -> Any:
        framework = honest(document)
        if len(framework.principles) < 11:
            raise LookupError("only the framework with eleven principles is known")
        return framework

    from compliance.services.cycle import frameworks

    replace(building, "build", build)
    replace(frameworks, "build", build)


def decision_row() -> None:
    from compliance.domain.rules import Rules

    honest = Rules.decide

    def decide(self: Rules, case: Any) -> Any:
        return honest(dataclasses.replace(self, table=self.table[1:]), case)

    replace(Rules, "decide", decide)


def version_check() -> None:
    from compliance.domain.saving import Stamp
    from compliance.services.assessment import answers
    from compliance.storage.queries import assessments

    honest = answers.write

    def write(session: Any, actor: Any, target: Any, entry: Any, stamp: Stamp, **more: Any) -> int:
        row = assessments.answer(session, target.assessment.id, target.service_id, target.question.indicator.id)
        return honest(session, actor, target, entry, Stamp(row.version if row else 0, stamp.key), **more)

    replace(answers, "write", write)


def commit_before_answer() -> None:
    """The answer goes out first, the commit follows a moment later: what an asynchronous writer would do."""
    from sqlalchemy.orm import Session

    from compliance.services.assessment import answers
    from compliance.storage.database import db

    @contextmanager
    def writing() -> Iterator[Session]:
        session = Session(db.engine.execution_options(writes=True), expire_on_commit=False)
        session.begin()
        try:
            yield session
            session.flush()
        except BaseException:
            session.close()
            raise

        def later() -> None:
            time.sleep(0.15)
            session.commit()
            session.close()

        threading.Thread(target=later, daemon=True).start()

    replace(answers, "writing", writing)


def validation() -> None:
    from compliance.services.assessment import answers, checks

    replace(answers, "faults", lambda *_args: [])
    replace(checks, "faults", lambda *_args: [])


def tenant_scope() -> None:
    from sqlalchemy import true

    from compliance.storage import scope

    replace(scope, "own", lambda *_args: true())
    replace(scope, "content", lambda *_args: true())


def route_guard() -> None:
    from compliance.web import access

    class Everything(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            return super().get(key, access.Open.PUBLIC)

    replace(access, "ROUTES", Everything(access.ROUTES))


def results_refresh() -> None:
    from compliance.services.gap import results

    replace(results, "_store", lambda *_args: 0)


def one_document() -> None:
    """A page that decides by itself what to show."""
    from compliance.reporting import html

    honest = html.sections
    replace(html, "sections", lambda blocks: honest(blocks[:-1]))


def public_records() -> None:
    from compliance.storage.queries import review

    honest = review.public_records
    replace(review, "public_records", lambda *args: honest(*args)[1:])


def reminder_last_look() -> None:
    """What was wanted when it was queued is sent, whatever happened since."""
    from compliance.services.reminder import last_look

    replace(last_look, "why_not", lambda *_args: None)


def model_drift() -> None:
    from sqlalchemy import Column, Integer

    from compliance.storage import models  # noqa: F401 - the tables must be there
    from compliance.storage.database import Base

    Base.metadata.tables["cycle"].append_column(Column("drift", Integer))


def french_words() -> None:
    """A product that does not find its catalogues."""
    from pathlib import Path

    from compliance import factory

    replace(factory, "WORDS", Path("build") / "no-words")


def page_language() -> None:
    """Pages that do not say their language: what axe must notice."""
    from flask import Flask

    run = Flask.full_dispatch_request

    def without(self: Flask) -> Any:
        response = run(self)
        if response.mimetype == "text/html" and not response.direct_passthrough:
            text = response.get_data(as_text=True)
            response.set_data(text.replace('<html lang="en"', "<html").replace('<html lang="fr"', "<html"))
        return response

    replace(Flask, "full_dispatch_request", without)


CONTROLS: dict[str, Callable[[], None]] = {
    function.__name__: function
    for function in (
        content_checks,
        other_framework,
        decision_row,
        version_check,
        commit_before_answer,
        validation,
        tenant_scope,
        route_guard,
        results_refresh,
        one_document,
        public_records,
        reminder_last_look,
        model_drift,
        french_words,
        page_language,
    )
}
