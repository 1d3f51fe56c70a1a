"""The demo data in an instance of the bench's own, and what is needed to sign in and to save there."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from flask import Flask
from sqlalchemy import select


@dataclass(frozen=True, slots=True)
class Scene:
    """A company that is drafting with its lead, and a reviewer of its lead country with a company that submitted."""

    settings: Mapping[str, str]
    password: str
    lead: str
    cycle: str
    question: str
    reviewer: str
    submitted: str

    @property
    def brief(self) -> str:
        """The address of the submitted company's brief as PDF."""
        return self.brief_as("pdf")

    def brief_as(self, layout: str) -> str:
        """The same brief in another format."""
        return f"/companies/{self.submitted}/{self.cycle}/brief/brief.{layout}"


def prepare(instance: Path, port: int, companies: int | None = None) -> tuple[Flask, Scene]:
    """Load the demo data and pick from it; `companies` are as many as `make run` loads, unless a number is given.

    The application returned is for counting queries in this process.
    """
    settings = {
        "INSTANCE": str(instance),
        "DATABASE_URL": f"sqlite:///{instance / 'demo.db'}",
        "DEMO": "1",
        "PORT": str(port),
        "SCHEDULER": "0",
    }
    os.environ.update(settings)
    from compliance import embedded
    from compliance.config import load_settings
    from compliance.factory import create_app

    loaded = load_settings()
    app = create_app(loaded)
    usual = embedded.DEMO_COMPANIES
    with app.app_context(), patch.object(embedded, "DEMO_COMPANIES", companies or usual):
        embedded._prepare(loaded, now=dt.datetime.now(dt.UTC))
        scene = _pick(settings, (instance / "demo_password").read_text().strip())
    return app, scene


def _pick(settings: Mapping[str, str], password: str) -> Scene:
    from compliance.services.transaction import looking
    from compliance.storage.models import Answer, Assessment, Cycle, Membership, Organisation, Service, User

    with looking() as session:
        _assessment, cycle, service, answer, lead = session.execute(
            select(Assessment, Cycle, Service, Answer, User)
            .join(Cycle, Cycle.id == Assessment.cycle_id)
            .join(Answer, Answer.assessment_id == Assessment.id)
            .join(Service, Service.id == Answer.service_id)
            .join(Membership, Membership.organisation_id == Assessment.company_id)
            .join(User, User.id == Membership.user_id)
            .where(Assessment.state == "draft", Cycle.closed_on.is_(None), Membership.role == "lead")
            .where(Answer.status == "in_place")
            .order_by(Answer.id)
            .limit(1)
        ).one()
        company = session.scalars(
            select(Organisation)
            .join(Assessment, Assessment.company_id == Organisation.id)
            .where(Assessment.cycle_id == cycle.id, Assessment.state == "submitted")
            .order_by(Organisation.id)
        ).first()
        assert company is not None
        reviewer = session.scalars(
            select(User.email)
            .join(Membership, Membership.user_id == User.id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(
                Membership.role == "reviewer",
                Organisation.kind == "government",
                Organisation.country == company.country,
            )
        ).first()
    return Scene(
        settings=settings,
        password=password,
        lead=lead.email,
        cycle=cycle.slug,
        question=f"/assessments/{cycle.slug}/services/{service.slug}/{answer.indicator_id}",
        reviewer=str(reviewer),
        submitted=company.slug,
    )
