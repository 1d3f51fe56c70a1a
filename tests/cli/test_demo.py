"""`demo load`: in demo mode only, once, and never beside real data."""

import dataclasses

from flask import Flask
from flask.testing import FlaskCliRunner
from flask_security.utils import verify_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.storage.models import Organisation, User
from tests.support import factories as make


def load(app: Flask, demo: bool = True) -> FlaskCliRunner:
    app.extensions["settings"] = dataclasses.replace(app.extensions["settings"], demo=demo)
    return app.test_cli_runner()


def test_loads_and_shows_the_password(app: Flask, session: Session) -> None:
    done = load(app).invoke(args=["demo", "load", "--companies", "1"])
    assert done.exit_code == 0, done.output
    assert "Loaded 1 invented companies" in done.output
    assert "reviewer@online-safety-ca.example" in done.output
    password = done.output.splitlines()[0].rpartition(" ")[2]
    assert (app.extensions["settings"].instance / "demo_password").read_text().strip() == password
    with app.app_context():
        assert verify_password(password, session.scalars(select(User.password).limit(1)).one() or "")
    again = load(app).invoke(args=["demo", "load"])
    assert (again.exit_code, "is there already" in again.output) == (0, True)


def test_not_outside_demo_mode(app: Flask, session: Session) -> None:
    done = load(app, demo=False).invoke(args=["demo", "load"])
    assert (done.exit_code, "set DEMO=1" in done.output) == (1, True)
    assert session.scalars(select(Organisation)).all() == []


def test_not_beside_real_organisations(app: Flask) -> None:
    make.organisation()
    done = load(app).invoke(args=["demo", "load"])
    assert (done.exit_code, "real organisations" in done.output) == (1, True)
